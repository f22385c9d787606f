import unittest

from balancer_machine import DEVICE, BalancerMachine, request

import support  # noqa: F401
from bbb_cluster.balancer import bbblb_volume
from programs import configure_balancer
from support import Result

UNITS = "/etc/systemd/system"
OURS = Result(0, f"DEVNAME={DEVICE}\nLABEL=bbb-cluster\nTYPE=ext4\nUSAGE=filesystem\n")
PLACES = ["/srv/balancer", "/var/lib/bbblb", "/var/lib/postgresql", "/var/lib/bbb-cluster/members"]


class Volume(BalancerMachine):
    def index(self, pattern):
        """Which of the calls is the first that matches."""
        return self.calls.index(self.called(pattern)[0])

    def test_a_blank_one_is_formatted_once_and_gets_what_was_here(self):
        configure_balancer(request())
        self.assertEqual(self.called("^mkfs"), [f"mkfs.ext4 -q -m 0 -L bbb-cluster {DEVICE}"])
        moved = [call.split()[-2:] for call in self.called("cp -a")]
        folders = ["bbblb", "postgresql", "members"]
        self.assertEqual(moved, [[path, f"/srv/balancer/{name}"] for path, name in zip(PLACES[1:], folders)])
        self.assertEqual(self.mounted, set(PLACES))
        # Nothing that is written meanwhile is left behind, and the database begins on the volume.
        self.assertLess(self.index("stop postgresql"), self.index("cp -a"))
        self.assertLess(self.index("enable --now var-lib-postgresql"), self.index("enable --now postgresql"))

    def test_one_that_has_been_used_is_neither_formatted_nor_written_over(self):
        self.disk = OURS
        for name in ("bbblb", "members", "postgresql/17/main"):
            self.put(f"/srv/balancer/{name}/kept", "")
        self.put("/etc/postgresql/17/main/postgresql.conf", "")
        configure_balancer(request())
        self.assertEqual(self.called("^mkfs|cp -a"), [])
        self.assertEqual(self.mounted, set(PLACES))
        # Users have other numbers on another machine.
        owners = [call.split()[-3] for call in self.called("^find .* chown")]
        self.assertEqual(owners, ["bbblb:bbblb", "postgres:postgres", "root:root"])

    def test_what_is_not_ours_is_left_alone_and_named(self):
        strange = {"TYPE=xfs\nLABEL=films\n": "xfs films", "PTTYPE=gpt\n": "gpt", "TYPE=ext4\n": "ext4", "": "unknown"}
        for told, said in strange.items():
            self.disk = Result(0, told)
            message = self.fails(configure_balancer, request())
            self.assertEqual(
                message,
                f"{DEVICE} holds what is not this cluster's ({said}), so nothing was written there: look at it; if "
                f"nobody needs it, `wipefs --all {DEVICE}`, then run again",
            )
        self.disk = Result(8, "")
        self.assertIn("(unknown)", self.fails(configure_balancer, request()))
        self.assertEqual((self.called("^mkfs|cp -a"), self.mounted), ([], set()))

    def test_a_database_of_another_postgresql_is_not_started(self):
        self.disk = OURS
        self.put("/srv/balancer/postgresql/15/main/PG_VERSION", "15")
        self.put("/etc/postgresql/17/main/postgresql.conf", "")
        message = self.fails(configure_balancer, request())
        self.assertEqual(
            message,
            "the volume has a database of PostgreSQL 15, and this machine has 17: make it again of the image that it "
            "had, by `balancerImage`",
        )
        self.assertEqual(self.called("enable --now postgresql"), [])

    def test_one_that_is_not_there_is_waited_for(self):
        absent = request(volume={"device": "/dev/disk/by-id/scsi-0HC_Volume_1", "sizeGb": 10})
        message = self.fails(configure_balancer, absent)
        self.assertIn("/dev/disk/by-id/scsi-0HC_Volume_1 is not there: is the volume attached", message)
        self.assertGreaterEqual(self.time, 60)

    def test_services_need_it_and_the_machine_boots_without_it(self):
        configure_balancer(request())
        disk, bind = self.text(f"{UNITS}/srv-balancer.mount"), self.text(f"{UNITS}/var-lib-bbblb.mount")
        self.assertIn(f"What={DEVICE}\nWhere=/srv/balancer\nType=ext4\n", disk)
        self.assertIn("What=/srv/balancer/bbblb\nWhere=/var/lib/bbblb\nType=none\nOptions=bind\n", bind)
        self.assertIn("WantedBy=multi-user.target", disk)
        self.assertIn("RequiresMountsFor=/var/lib/bbblb\n", self.text(f"{UNITS}/bbblb.service"))
        members = self.text(rf"{UNITS}/var-lib-bbb\x2dcluster-members.mount")
        self.assertIn("Where=/var/lib/bbb-cluster/members\n", members)

    def test_it_grows_while_everything_goes_on(self):
        configure_balancer(request())
        self.disk, self.calls = OURS, []
        self.on("^blockdev", f"{20 * 2**30}")
        configure_balancer(request(volume={"device": DEVICE, "sizeGb": 20}))
        self.assertEqual(self.called("^resize2fs"), [f"resize2fs {DEVICE}"])
        self.assertEqual(self.called("systemctl stop (post|bbblb)|mkfs|restart"), [])

    def test_where_the_kernel_refuses_it_grows_while_nobody_uses_it(self):
        configure_balancer(request())
        self.disk, self.calls = OURS, []
        self.on("^blockdev", f"{20 * 2**30}")
        self.on("^resize2fs", lambda _c: Result(1, "", "Permission denied") if "/srv/balancer" in self.mounted else "")
        configure_balancer(request(volume={"device": DEVICE, "sizeGb": 20}))
        self.assertEqual((self.called("^e2fsck"), len(self.called("^resize2fs"))), ([f"e2fsck -f -p {DEVICE}"], 2))
        self.assertEqual(self.mounted, set(PLACES))
        self.assertLess(self.index("stop postgresql"), self.index("^e2fsck"))
        self.assertLess(self.index("^e2fsck"), self.index("enable --now postgresql"))
        self.on("^e2fsck", Result(4, "", "UNEXPECTED INCONSISTENCY"))
        message = self.fails(configure_balancer, request(volume={"device": DEVICE, "sizeGb": 20}, repair="again"))
        self.assertIn(f"the file system on {DEVICE} is damaged: UNEXPECTED INCONSISTENCY; look at it", message)

    def test_growth_waits_until_the_system_knows_of_it(self):
        configure_balancer(request())
        self.disk = OURS
        message = self.fails(configure_balancer, request(volume={"device": DEVICE, "sizeGb": 20}))
        self.assertIn(f"{DEVICE} is to have 20 GB, and the system knows of 10737418240 bytes: reboot", message)

    def test_what_is_not_mounted_any_more_is_mounted_again(self):
        configure_balancer(request())
        self.disk, self.calls = OURS, []
        self.mounted.discard("/var/lib/bbblb")
        configure_balancer(request())
        self.assertEqual((self.mounted, self.called("^mkfs|cp -a")), (set(PLACES), []))

    def test_a_unit_that_was_changed_is_found(self):
        configure_balancer(request())
        self.assertEqual(self.findings(), [])
        self.put(f"{UNITS}/srv-balancer.mount", "[Mount]\n")
        self.assertEqual([finding["path"] for finding in self.findings()], [f"{UNITS}/srv-balancer.mount"])

    def test_only_a_device_is_one(self):
        for device in ("", "sdb", "/dev/../etc/passwd", "/dev/a b", 7):
            message = self.fails(bbblb_volume.parse, {"volume": {"device": device, "sizeGb": 10}})
            self.assertIn("`volume` in the request must have a device and its size in GB", message)


if __name__ == "__main__":
    unittest.main()
