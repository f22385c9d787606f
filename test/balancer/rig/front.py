"""The load balancer's own nginx in front of BBBLB, with the files that the program gives it, at its own address."""

import contextlib
import http.client
import json
import os
import socket
import ssl
import subprocess
import urllib.parse

import nodes
from balancers import TENANTS, Balancer
from bbb_cluster.balancer import bbblb_service
from waiting import eventually

ADDRESS, SOCKET = "203.0.113.10", "/run/bbblb/http.sock"
CLUSTER = "bbb.example.com"
HOSTS = ["lb.example.com", *TENANTS.values()]
CERTIFICATES = "/etc/letsencrypt/live/bbb-lb.example.com"
CERTIFICATE, KEY = f"{CERTIFICATES}/fullchain.pem", f"{CERTIFICATES}/privkey.pem"


def _prepare():
    """nginx's files, its certificate, and names that lead to it; once."""
    if os.path.exists(CERTIFICATE):
        return
    os.remove("/etc/nginx/sites-enabled/default")
    for path, lines in json.loads(os.environ["BALANCER_FILES"]):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in lines)
    with open("/etc/hosts", "a", encoding="ascii") as hosts:
        hosts.writelines(f"{ADDRESS} {host}\n" for host in HOSTS)
    os.makedirs(CERTIFICATES)
    names = ",".join(f"DNS:{host}" for host in HOSTS)
    make = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
    files = ["-keyout", KEY, "-out", CERTIFICATE, "-subj", "/CN=balancer", "-addext", f"subjectAltName={names}"]
    subprocess.run([*make, *files], check=True, capture_output=True)


class Fronted(Balancer):
    """A BBBLB that is asked through nginx, by HTTPS and each host's own name."""

    def __init__(self, guarded, settings=None):
        (file,) = [each for each in bbblb_service.wanted("", "", "", "") if each.path == bbblb_service.SETTINGS]
        own = dict(line.split("=", 1) for line in file.content.decode().splitlines())
        super().__init__(guarded, {"BBBLB_MAX_BODY": own["BBBLB_MAX_BODY"], **(settings or {})})

    def start(self):
        _prepare()
        os.makedirs(os.path.dirname(SOCKET), exist_ok=True)
        os.chmod(self.socket, 0o666)
        if os.path.lexists(SOCKET):
            os.remove(SOCKET)
        os.symlink(self.socket, SOCKET)
        command = ["nsenter", "--net=/run/netns/front", "nginx", "-g", "daemon off;"]
        self._nginx = subprocess.Popen(command)
        eventually(self._is_open, "nginx answers")
        super().start()

    def _is_open(self):
        assert self._nginx.poll() is None, "nginx does not start: what it said is above"
        with socket.socket() as connection:
            return connection.connect_ex((ADDRESS, 443)) == 0

    def close(self):
        super().close()
        self._nginx.terminate()
        self._nginx.wait()

    def home(self, found, tenant, room):
        """The node that has a room."""
        (node,) = [node for node in found if f"{room}-bbblb-{tenant}" in node.meetings]
        return node

    def followed(self, url):
        """Where somebody ends who follows a join: the first address that is neither nginx's nor a node's."""
        while True:
            split = urllib.parse.urlsplit(url)
            if split.hostname == CLUSTER:
                return url
            if split.hostname in HOSTS:
                connection = self.connection(split.hostname)
            else:
                context = ssl.create_default_context(cafile=nodes.CERTIFICATE)
                connection = http.client.HTTPSConnection(split.hostname, timeout=10, context=context)
            with contextlib.closing(connection):
                connection.request("GET", f"{split.path}?{split.query}")
                answer = connection.getresponse()
                said = answer.read()[:300]
            assert answer.status in (302, 303, 307), f"{answer.status} {said} of {split.hostname}"
            url = answer.headers["Location"]

    def connection(self, host, seconds=60):
        """To nginx, by a name."""
        context = ssl.create_default_context(cafile=CERTIFICATE)
        return http.client.HTTPSConnection(host, timeout=seconds, context=context)
