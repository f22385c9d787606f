"""A balancer with a repository of backups that outlives it, told by the host programs; restic is the real one."""

import os
import shutil
import xml.etree.ElementTree as ElementTree
from unittest import mock

import nodes
import postgres
from balancers import TENANTS
from bbb_cluster import __main__ as main
from bbb_cluster.backup import settings
from bbb_cluster.balancer import bbblb_service, members
from bbb_cluster.system import paths, processes, progress
from recordings import identity
from test_members import Told, url_of

PASSWORD = "password-of-the-tests"


def run(command, **data):
    """As the host programs' entry does."""
    return main.COMMANDS[command][0](data, "")


class Machine(Told):
    """A balancer with two nodes, known as bbb-01 and bbb-02, and a repository that outlives it."""

    def setUp(self):
        # BBBLB reads at its start whom to trust.
        nodes.prepare()
        self.members, self.lb, self.nodes = self.told(0)
        self.nodes = [self.node(1), self.node(2)]
        self.names = {node.domain.partition(".")[0]: url_of(node) for node in self.nodes}
        self.repository, self.said = f"/tmp/{self.lb.database}.repository", []
        self.addCleanup(shutil.rmtree, paths.STATE, True)
        self.addCleanup(shutil.rmtree, self.repository, True)
        for patcher in (
            mock.patch.object(bbblb_service, "DATA", self.lb.folder),
            mock.patch.object(bbblb_service, "SOCKET", f"/tmp/{self.lb.database}.socket"),
            mock.patch.object(bbblb_service, "restart", self.start),
            mock.patch.object(progress, "show", self.said.append),
            mock.patch.object(processes, "runner", self.without_systemd),
            mock.patch.dict(os.environ, {"CURL_CA_BUNDLE": nodes.CERTIFICATE}),
        ):
            patcher.start()
            self.addCleanup(patcher.stop)
        self.runs = True
        self.keep()
        self.join()

    def without_systemd(self, argv, *rest):
        if argv[:2] == ["systemctl", "stop"]:
            self.stop()
            return processes.Result(0)
        return processes.execute(argv, *rest)

    def start(self):
        if not self.runs:
            self.lb.start()
            self.runs = True

    def stop(self):
        if self.runs:
            self.lb.stop()
            self.runs = False

    def keep(self, password=PASSWORD, **changes):
        """As keep-backup does, without timers."""
        wanted = {"repository": self.repository, "keepDaily": 7, "keepWeekly": 4, "password": password, **changes}
        settings.keep(settings.parse({"hostname": "lb.example.com", "backup": wanted}))

    def join(self):
        for node, (name, url) in zip(self.nodes, self.names.items()):
            self.members.ask = lambda node=node: ElementTree.fromstring(node.answer_meetings())
            members.join(self.members, name, url, nodes.SECRET, 1)

    def replace(self):
        """Another machine in the place of this one, as `pulumi up` leaves it."""
        self.stop()
        shutil.rmtree(paths.STATE)
        shutil.rmtree(self.lb.folder)
        os.makedirs(self.lb.folder)
        shutil.chown(self.lb.folder, "bbblb", "bbblb")
        self.forget_database()
        self.start()
        self.keep()
        self.join()

    def forget_database(self):
        name = self.lb.database
        postgres.as_user("postgres", "dropdb", name)
        postgres.as_user("postgres", "createdb", "--owner", "bbblb", "--template", "pattern", name)
        for tenant, realm in TENANTS.items():
            values = f"('{tenant}', '{realm}', '{tenant}-secret', true)"
            self.lb.sql(f"INSERT INTO tenants (name, realm, secret, enabled) VALUES {values}")

    def restore(self, **data):
        return run("restore", nodes=self.names, **data)

    def closed(self, name):
        return members.why_closed(self.members, name, self.names[name])

    def node_of(self, room):
        return self.lb.sql(
            f"SELECT domain FROM meetings JOIN servers s ON s.id = server_fk WHERE external_id = '{room}'"
        )

    def played(self, number, kind="presentation"):
        return self.lb.ask(f"/playback/{kind}/{identity(number)}/metadata.xml", "lb.example.com")[0]
