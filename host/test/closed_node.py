"""A closed node: the real nginx before the responder, and a bbb-web that tells what reaches it."""

import base64
import json
import sys
import threading
from xml.sax.saxutils import escape

import real_nginx
from bbb_cluster.bigbluebutton import closed_site, cordons
from bbb_cluster.bigbluebutton.admission import Admission
from bbb_cluster.bigbluebutton.responder import Responder
from bbb_cluster.system import paths
from busy_node import answer
from support import Machine

NGINX = """\
user www-data;
events {}
http {
  access_log off;
  server {
    listen 80;
    set $real_scheme https;
    location / { return 404; }
    include /etc/bigbluebutton/nginx/*.nginx;
  }
}
"""
# As bbb-web's package has it.
WEB = """\
location /bigbluebutton {
  location /bigbluebutton {
    proxy_pass http://127.0.0.1:8090;
    proxy_set_header X-Forwarded-Proto $real_scheme;
    client_max_body_size 30m;
  }
}
"""
BBB_WEB = """\
import base64, http.server, json
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        answer = json.dumps([self.command, self.path, self.headers.get("Content-Type"),
            self.headers.get("X-Forwarded-Proto"), base64.b64encode(body).decode()]).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)
    do_POST = do_PUT = do_GET
    def log_message(self, *_words): pass
http.server.ThreadingHTTPServer(("127.0.0.1", 8090), Handler).serve_forever()
"""
CLIENT = """\
import base64, http.client, json, sys
for method, target, kind, body in json.load(open(sys.argv[1])):
    connection = http.client.HTTPConnection("127.0.0.1")
    connection.request(method, target, base64.b64decode(body) if body else None, {"Content-Type": kind} if kind else {})
    answer = connection.getresponse()
    print(json.dumps([answer.status, answer.getheader("Content-Type"), answer.read().decode()]))
"""
READY = """
python=PYTHON
$python FOLDER/bbb_web.py &
nginx
for second in $(seq 300); do curl -fs http://127.0.0.1/bigbluebutton/api >/dev/null && break; sleep 0.1; done
$python FOLDER/client.py FOLDER/requests.json
"""


class ClosedNode(Machine):
    """A node that is cordoned; its nginx runs where this process cannot be reached but by the responder's socket."""

    def setUp(self):
        super().setUp()
        self.put("/etc/nginx/nginx.conf", NGINX)
        self.put("/etc/bigbluebutton/nginx/web.nginx", WEB)
        self.on("^curl .*/create[?]", "nodeClosed\n200")
        self.on("^curl .*getMeetings", lambda _c: answer([(escape(name), 1) for name in self.running]))
        self.running, self.responder = [], None
        self.addCleanup(self.stop)

    def close(self, *ids):
        self.running = list(ids)
        cordons.hold("hand", "a test")
        # In the place of the unit, which the pretended systemd does not run.
        self.responder = Responder(paths.on_host(cordons.SOCKET), closed_site.PASSING, Admission().may_begin)
        threading.Thread(target=self.responder.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()

    def stop(self):
        """The unit has ended, whatever ended it."""
        if self.responder:
            self.responder.shutdown()
            self.responder.server_close()
            self.responder = None

    def ask(self, requests):
        """Sends (method, target, content type, body); what bbb-web got of each, or the text of the refusal."""
        for name, text in (("bbb_web.py", BBB_WEB), ("client.py", CLIENT)):
            self.put(f"/tmp/{name}", text)
        rows = [(method, target, kind, base64.b64encode(body).decode()) for method, target, kind, body in requests]
        self.put("/tmp/requests.json", json.dumps(rows))
        folder = paths.on_host("/tmp")
        # nginx says where it looks for its files, and reads those of the machine in the folder.
        done = real_nginx.run(READY.replace("PYTHON", sys.executable).replace("FOLDER", folder))
        self.assertEqual(done.status, 0, done.err)
        return [self._received(*json.loads(line)) for line in done.out.splitlines()]

    def _received(self, status, kind, text):
        if kind != "application/json":
            return status, kind, text
        method, target, content_type, scheme, body = json.loads(text)
        self.assertEqual((status, scheme), (200, "https"))
        return method, target, content_type, base64.b64decode(body)
