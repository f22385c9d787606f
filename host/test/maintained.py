"""A machine that was configured, and on which security updates are due."""

from unittest import mock

from bbb_cluster import __main__ as main
from bbb_cluster.bigbluebutton import closed_site
from bbb_cluster.updates import schedule
from bbb_cluster.updates.held import is_held
from fixtures import MAINTENANCE
from support import Machine

SIMULATION = "--simulate"
OLD = "7f1-7f2 r-xp 00000000 08:01 1234                       /usr/lib/x86_64-linux-gnu/libssl.so.3 (deleted)\n"
NEW = OLD.replace(" (deleted)", "")


def inst(package, suite="jammy-security", old="1"):
    """How apt-get says that it would upgrade a package."""
    return f"Inst {package} [{old}] (2 Ubuntu:22.04/jammy-updates, Ubuntu:22.04/{suite} [amd64])\n"


class Maintained(Machine):
    MACHINE = schedule.NODE

    def setUp(self):
        self.environments = {}
        super().setUp()
        # Of the process that tests.
        self.patch(mock.patch("signal.pthread_sigmask"))
        schedule.put_in_place({"maintenance": MAINTENANCE}, self.MACHINE, [], mock.Mock())
        self.updates, self.processes, self.now = [], {}, "03:00"
        self.on("^date", lambda _c: self.now)
        self.on(SIMULATION, lambda _c: "".join(inst(name) for name in self.updates))
        self.on("^apt-get .*install .*--only-upgrade", self.upgrade)
        self.on("^unattended-upgrade", self.unattended)
        self.on("^systemctl restart", self.restart)
        self.on("^bbb-conf --restart", self.restart)
        self.on(
            "^curl .*/create[?]", lambda _c: "nodeClosed\n200" if self.get(closed_site.CONF) else "checksumError\n200"
        )
        self.meetings = []
        self.on("^curl .*getMeetings", lambda _c: self.listed())
        for unit in ("nginx.service", "redis-server.service", "ssh.service"):
            self.runs(unit, NEW)
        self.calls, self.said = [], []

    def run_program(self, argv, timeout_seconds, environment):
        self.environments[" ".join(argv)] = environment
        return super().run_program(argv, timeout_seconds, environment)

    def listed(self):
        found = self.meetings() if callable(self.meetings) else self.meetings
        inside = "".join(f"<meeting><meetingID>{name}</meetingID></meeting>" for name in found)
        return f"<response><returncode>SUCCESS</returncode><meetings>{inside}</meetings></response>\n200"

    def unattended(self, _command):
        self.updates = [name for name in self.updates if self.MACHINE == schedule.NODE and is_held(name)]
        return ""

    def upgrade(self, command):
        self.updates = [name for name in self.updates if f" {name}" not in command]
        return ""

    def restart(self, command):
        unit = command.split()[-1]
        for name in ["nginx", "redis-server"] if unit == "--restart" else [unit]:
            self.runs(f"{name.replace('.service', '')}.service", NEW)
        return ""

    def runs(self, unit, maps):
        """A process of a unit, with what it has mapped."""
        number = self.processes.setdefault(unit, 100 + len(self.processes))
        self.put(f"/proc/{number}/cgroup", f"0::/system.slice/{unit}\n")
        self.put(f"/proc/{number}/maps", maps)

    def maintain(self, **request):
        return main.COMMANDS["maintain"][0](request, "")

    def due(self):
        return main.COMMANDS["due"][0]({}, "")

    def disturbances(self):
        """What users would notice."""
        return self.called(r"systemctl (restart|stop|reboot|reload)|bbb-conf --restart|--only-upgrade")
