"""What stands behind a load balancer: on 8080 it says its name and whom the PROXY protocol names, on 8081 it is checked."""

import http.server
import os
import socket
import socketserver
import sys
import threading

SIGNATURE = b"\r\n\r\n\0\r\nQUIT\n"


class Health(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(503 if os.path.exists("/run/failing") else 200)
        self.end_headers()

    def log_message(self, *_):
        pass


class Named(socketserver.StreamRequestHandler):
    def handle(self):
        version, client = self.header()
        for _ in self.rfile:
            self.wfile.write(f"{sys.argv[1]} v{version} {client}\n".encode())

    def header(self):
        first = self.rfile.readline()
        if first.startswith(b"PROXY "):
            return 1, first.split()[2].decode()
        rest = self.rfile.read(14)
        if first + rest[:10] != SIGNATURE:
            raise ValueError("no PROXY protocol")
        addresses = self.rfile.read(int.from_bytes(rest[12:14], "big"))
        if rest[11] >> 4 == 1:
            return 2, socket.inet_ntop(socket.AF_INET, addresses[:4])
        return 2, socket.inet_ntop(socket.AF_INET6, addresses[:16])


socketserver.ThreadingTCPServer.allow_reuse_address = True
health = http.server.ThreadingHTTPServer(("", 8081), Health)
threading.Thread(target=health.serve_forever, daemon=True).start()
socketserver.ThreadingTCPServer(("", 8080), Named).serve_forever()
