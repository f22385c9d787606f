"""A load balancer's machine with a repository of backups, which restic only pretends."""

import json

import support  # noqa: F401
from bbb_cluster import __main__ as main
from bbb_cluster.backup import note, timer
from support import Machine, Result

REPOSITORY = "sftp://u123@u123.your-storagebox.de:23/bbb"
PASSWORD = "password-of-the-repository"
UNITS = [f"{timer.UNITS}/{name}" for name in ("bbb-cluster-backup.service", "bbb-cluster-backup.timer")]
SUMMARY = (
    '{"message_type":"summary","snapshot_id":"51193713fcb35e2b42cc4e734810701b1cc874f951da293c5bacf78db69e9749"}\n'
)
SNAPSHOTS = json.dumps([{"short_id": "0badcafe", "time": "2026-11-25T00:31:07.753982525Z"}])


def request(**changes):
    """A request that keeps a backup by sftp."""
    key = {"sshPrivateKey": "PRIVATE-KEY\n", "sshPublicKey": "ssh-ed25519 AAAA"}
    wanted = {"repository": REPOSITORY, "keepDaily": 7, "keepWeekly": 4, "password": PASSWORD, **key, **changes}
    return {"hostname": "bbb-lb.example.com", "repair": "", "backup": wanted}


NONE = {"hostname": "bbb-lb.example.com", "repair": "", "backup": None}


class Backups(Machine):
    """A balancer whose repository is `there`: an exit status of restic, and what it says."""

    def setUp(self):
        super().setUp()
        self.known, self.there = '""\n', Result(0, "{}")
        self.on("^systemctl start", lambda _c: note.keep(at="2026-11-26T00:31:07Z") or "")
        self.on("^restic .* cat config", lambda _c: self.there)
        self.on("^restic .* snapshots ", lambda _c: SNAPSHOTS if self.known == '""\n' and self.older else "[]")
        self.on("^restic .* backup ", SUMMARY)
        self.on("psql .*--dbname bbblb ", lambda _c: self.known)
        self.older = False

    def run_command(self, name, data=None):
        return main.COMMANDS[name][0](data or {}, "")

    def keep(self, data=None):
        return self.run_command("keep-backup", data or request())

    def restic(self):
        return [(call, env) for call, _, env in self.inputs if call.startswith("restic")]
