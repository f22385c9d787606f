"""A load balancer's machine that exists only in a temporary folder, for the tests of its programs."""

import hashlib
from unittest import mock

import support  # noqa: F401
from bbb_cluster.balancer import bbblb_service
from programs import FindsDrift, keep_balancer_secrets
from support import Machine, Result

CONF = "/etc/nginx/conf.d/bbb-cluster.conf"
LIVE = "/etc/letsencrypt/live/lb.example.com/fullchain.pem"
RENEWAL = "/etc/letsencrypt/renewal/lb.example.com.conf"
SERVICE = "/etc/systemd/system/bbblb.service"
PLAYER = {"repository": "packages.example.com", "version": "jammy-300"}
REQUIREMENTS = ["bbblb==0.0.18 --hash=sha256:aa", "greenlet==3.5.6 --hash=sha256:bb"]
# Of the two lines above.
VENV = "/opt/bbblb/venv-" + hashlib.sha256(("\n".join(REQUIREMENTS) + "\n").encode()).hexdigest()[:12]
DEVICE = "/dev/disk/by-id/scsi-0HC_Volume_9001"
FINE = "<response><returncode>SUCCESS</returncode></response>\n200"


def tenants(*names):
    """Tenants of these names."""
    return [{"name": name, "host": f"{name}.example.com"} for name in names]


def secrets(digest="1", secret="secret-of-the-balancer", **own):
    """A request to keep secrets."""
    return {"digest": digest, "secret": secret, "tenants": {"moodle": "secret-of-moodle", **own}}


def request(content="server {}", **changes):
    """A request to configure."""
    file = {"path": CONF, "content": [content], "restart": ["nginx"], "needsCertificate": True}
    wanted = {"hostname": "lb.example.com", "addresses": [], "email": "a@example.com", "acmeDirectory": None}
    own = {"requirements": REQUIREMENTS, "tenants": tenants("moodle"), "secrets": "1"}
    own |= {"volume": {"device": DEVICE, "sizeGb": 10}, "player": PLAYER}
    rest = {"caCertificates": [], "maintenance": "02:00-05:00 Europe/Berlin", "repair": "", "files": [file]}
    return {**wanted, **own, **rest, **changes}


class BalancerMachine(FindsDrift, Machine):
    """One with a blank volume, whose package sources answer."""

    def setUp(self):
        super().setUp()
        self.patch(mock.patch.object(bbblb_service, "PYTHON", (3, 13)))
        self.names, self.known, self.roles = "", [], ""
        self.on("^certbot", self.certbot)
        self.on("subjectAltName", lambda _c: self.names)
        self.on("--unix-socket", FINE)
        self.on("^id -u", "", 1)
        self.on("psql .*--dbname postgres ", lambda _c: self.roles)
        self.on("create(user|db) ", self.made)
        self.on("psql .*--dbname bbblb ", lambda _c: "".join(f'"{name}"\n' for name in self.known))
        self.put(DEVICE, "")
        self.disk, self.mounted = Result(2), set()
        self.on("^blkid", lambda _c: self.disk)
        self.on("^blockdev", f"{10 * 2**30}")
        self.on("^mountpoint", lambda command: Result(0 if command.split()[-1] in self.mounted else 1))
        self.on(r"^systemctl (enable --now|stop) .*\.mount$", self.mount)
        self.on("^sh -c mkdir -p", self.filled)
        self.on("dpkg-deb --extract", self.unpacked)
        keep_balancer_secrets(secrets())

    def made(self, _command):
        self.roles = "role\nbase\n"
        return ""

    def certbot(self, command):
        self.put(LIVE, "pem")
        self.put(LIVE.replace("fullchain", "privkey"), "pem")
        self.put(RENEWAL, f"server = {command.split('--server ')[1].split()[0]}\n")
        self.names = "".join(f"DNS:{name}, " for name in command.split("-d ")[1].split()[0].split(","))
        return ""

    def mount(self, command):
        where = "/" + command.split()[-1][: -len(".mount")].replace("-", "/").replace(r"\x2d", "-")
        (self.mounted.discard if " stop " in command else self.mounted.add)(where)
        return ""

    def filled(self, command):
        self.put(f"{command.split()[-1]}/found", "")
        return ""

    def unpacked(self, command):
        self.put(f"{command.split()[-1]}/var/bigbluebutton/playback/presentation/2.3/index.html", "player")
        return ""

    def text(self, path):
        return self.get(path).decode()
