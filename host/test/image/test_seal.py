import json
import os
import subprocess

from bbb_cluster import __main__ as main
from bbb_cluster.bigbluebutton import installed_release
from bbb_cluster.commands import seal
from bbb_cluster.settings import plan, records, secret_overrides
from bbb_cluster.settings.manifest import Wanted
from bbb_cluster.settings.records import Records
from bbb_cluster.system import files, paths
from support import Machine

SALT = "qHx1W8dCz0uN5rTy3kLmPoIuYtReWqAs"
TURN = "9f3Kq+Zb/71LmXvT0aYdW5sHcJ8uR2eG4pQnBiOk6xM="
ID = "4dabf18193072939515e22adb298388d"
KEY = "Atzc2gtZWQyNTUxOQAAACBMZ0mB3uHqQx7vYp9sT2nWcKd5rJ8fLiGoE1aXhV"
OVERRIDE = "hunter2-of-the-recorder"
# OpenSSH begins each of its keys so.
BEGINNING = "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAA"
PEM = f"-----BEGIN OPENSSH PRIVATE KEY-----\n{BEGINNING}\n{KEY}\n-----END OPENSSH PRIVATE KEY-----\n"
INSTALLED = "bbb-web installed\nbigbluebutton installed\ncoturn installed\nnginx installed\nredis-tools config-files\n"
CERTIFICATE = "/etc/letsencrypt/archive/bbb-02.example.com/privkey1.pem"


class Copy(Machine):
    """A copy of a node, with what packages keep when they are removed."""

    def setUp(self):
        super().setUp()
        self.put(seal.COPY, "")
        self.put(installed_release.RELEASE_FILE, "BIGBLUEBUTTON_RELEASE=3.0.30\n")
        self.put("/etc/bigbluebutton/bbb-web.properties", f"securitySalt={SALT}\n", 0o640)
        self.put("/etc/turnserver.conf", f"use-auth-secret\nstatic-auth-secret={TURN}\nrealm=bbb-02\n")
        self.put(CERTIFICATE, PEM)
        self.put("/etc/machine-id", f"{ID}\n")
        self.put("/etc/hostname", "bbb-02\n")
        self.put("/etc/hosts", "127.0.0.1\tlocalhost\n127.0.1.1\tbbb-02.example.com bbb-02\n")
        self.put("/etc/shadow", "root:$y$j9T$salt$hash:1:0:::::\ndaemon:*:1:0:::::\n")
        self.put("/root/.ssh/authorized_keys", "ssh-ed25519 AAAA\n")
        self.put("/root/.bash_history", f"bbb-conf --setsecret {SALT}\n")
        self.put("/var/lib/cloud/instances/42/user-data.txt", PEM)
        self.put("/var/bigbluebutton/recording/raw/meeting/events.xml", "<event/>")
        self.put(f"/var/log/journal/{ID}/system.journal", "said")
        self.put("/var/log/nginx/access.log", f"GET /?checksum={SALT}\n")
        self.put("/var/cache/apt/archives/bbb-web_3.0.30.deb", "packed")
        self.put("/usr/share/java/library.jar", "kept")
        secret = {"digest": "d", "files": [{"path": "/x", "settings": [{"key": "password", "value": OVERRIDE}]}]}
        self.put(secret_overrides.KEPT, json.dumps(secret), 0o600)
        self.on("^dpkg-query --show --showformat .*Package", INSTALLED)
        self.on("^find ", lambda command: subprocess.run(command.split(), capture_output=True, text=True).stdout)

    def seal(self):
        return main.COMMANDS["seal"][0]({}, "")


class Seal(Copy):
    def test_a_machine_that_is_no_copy_is_left_as_it_is(self):
        os.unlink(paths.on_host(seal.COPY))
        before = self.everything(without="/nothing")
        self.assertIn("this machine is no copy of a node", self.fails(self.seal))
        self.assertEqual((self.everything(without="/nothing"), self.calls), (before, []))

    def test_no_secret_key_id_or_meeting_is_left_on_the_disk(self):
        self.assertEqual(self.seal()["release"], "3.0.30")
        everything = b"".join(content for content, _ in self.everything(without="/nothing").values())
        for secret in (SALT, TURN, ID, KEY, OVERRIDE, "bbb-02", "AAAA", "<event/>"):
            self.assertNotIn(secret.encode(), everything)
        self.assertEqual(self.get("/etc/machine-id"), b"")
        folders = [folder for folder, _, _ in os.walk(self.root)]
        self.assertEqual([folder for folder in folders if ID in folder], [])

    def test_what_is_merely_installed_stays_for_the_next_machine(self):
        self.seal()
        self.assertEqual(self.get("/usr/share/java/library.jar"), b"kept")
        self.assertEqual(self.get("/var/cache/apt/archives/bbb-web_3.0.30.deb"), b"packed")
        self.assertTrue(os.path.isdir(paths.on_host("/var/log/nginx")))
        (purge,) = self.called("purge")
        self.assertRegex(purge, "purge bbb-web bigbluebutton coturn redis-tools$")

    def test_services_are_stopped_before_anything_goes(self):
        self.seal()
        self.assertRegex(self.calls[0], r"^systemctl stop .*bbb-\* .*certbot\*")

    def test_passwords_are_of_use_nowhere_else(self):
        self.seal()
        self.assertEqual(self.called("^usermod"), ["usermod --password * root"])

    def test_files_that_others_had_are_as_they_were_before_the_cluster(self):
        conf = Wanted("/etc/sysctl.d/60-ours.conf", "text", content=b"ours")
        made = plan.make([conf], {})
        files.write_all([*made.changes, records.change(Records({"node": made.records}, "3.0.30"))])
        self.seal()
        self.assertEqual((self.get(conf.path), self.get(records.RECORDS)), (None, None))

    def test_a_secret_that_somebody_has_copied_elsewhere_is_named_by_its_file_and_never_shown(self):
        self.put("/srv/backup/web.txt", f"salt: {SALT}\n")
        said = self.fails(self.seal)
        self.assertRegex(said, r"^a secret of the node is still in [^,]*/srv/backup/web.txt: ")
        self.assertNotIn(SALT, said + "".join(self.said))

    def test_the_secret_of_another_turn_server_is_found(self):
        # As bbb-install writes it.
        secret = f'<constructor-arg index="0" value="{SALT[::-1]}"/>\n'
        self.put("/etc/bigbluebutton/turn-stun-servers.xml", secret)
        self.put("/srv/turn.txt", SALT[::-1])
        self.assertIn("/srv/turn.txt", self.fails(self.seal))

    def test_a_key_that_is_left_is_found(self):
        self.put("/srv/copy.pem", PEM)
        self.assertIn("/srv/copy.pem", self.fails(self.seal))

    def test_a_key_that_was_never_the_nodes_is_left_alone(self):
        self.put("/srv/other.pem", PEM.replace(KEY, KEY[::-1]))
        self.assertTrue(self.seal()["sealed"])

    def test_packages_that_do_not_go_are_a_reason_to_make_no_image(self):
        self.on("purge", "E: dpkg was interrupted", 100)
        self.assertIn("BigBlueButton's packages cannot be removed", self.fails(self.seal))
