import unittest

from balancer_machine import PLAYER, BalancerMachine, request

import support  # noqa: F401
from programs import configure_balancer
from support import Result

CURRENT = "/opt/bbb-playback/current"
PAGE = f"{CURRENT}/playback/presentation/2.3/index.html"


def version(name):
    """A request with the player of that folder of the repository."""
    return request(player={**PLAYER, "version": name})


class Player(BalancerMachine):
    def test_comes_from_the_repository_by_its_key_and_nothing_else_does(self):
        seen = []
        self.on("apt-get .* update", lambda command: seen.append(self.text(self.source(command))) or "")
        configure_balancer(request())
        self.assertEqual(self.text(PAGE), "player")
        (source,) = seen
        self.assertRegex(source, r"^deb \[arch=amd64 signed-by=\S+/key.asc\] https://packages.example.com/jammy-300 ")
        self.assertIn(" bigbluebutton-jammy main\n", source)
        (curl,) = self.called("bigbluebutton.asc")
        self.assertTrue(curl.endswith(" https://packages.example.com/repo/bigbluebutton.asc"), curl)
        self.assertIn("--proto =https", curl)
        self.assertEqual([call.split()[-1] for call in self.called("apt-get .* download")], ["bbb-playback"])
        self.assertEqual([path for path in self.everything("") if path.startswith("/etc/apt/sources")], [])
        # Neither installed, nor its scripts run.
        self.assertEqual(self.called("apt-get .*install.*bbb-playback|dpkg (-i|--install)"), [])

    def source(self, command):
        return next(word for word in command.split() if "SourceList=" in word).partition("=")[2]

    def test_stays_as_it_is_until_another_one_is_wanted(self):
        configure_balancer(request())
        self.calls = []
        self.assertEqual(configure_balancer(request())["changed"], [])
        self.assertEqual(self.called("playback"), [])
        self.assertEqual(configure_balancer(version("jammy-300-3.0.38"))["changed"], ["player jammy-300-3.0.38"])
        self.assertEqual(self.text(PAGE), "player")
        kept = {path.split("/")[3] for path in self.everything("") if path.startswith("/opt/bbb-playback/")}
        self.assertEqual([name.rpartition("-")[0] for name in sorted(kept)], ["jammy-300-3.0.38"])

    def test_one_that_cannot_be_got_leaves_the_old_one_and_holds_up_nothing_else(self):
        configure_balancer(request())
        self.on("apt-get .* update", Result(100, "", "E: The repository is not signed.\n"))
        message = self.fails(configure_balancer, version("noble-400"))
        self.assertEqual(
            message,
            "the player of recordings cannot be got: `apt-get update` said: E: The repository is not signed.; "
            "everything else is in force. Look at `release` and `installer.repository`, then run again",
        )
        self.assertEqual(self.text(PAGE), "player")

    def test_a_package_without_the_page_is_none(self):
        self.on("dpkg-deb --extract", "")
        message = self.fails(configure_balancer, request())
        self.assertIn("bbb-playback there has no playback/presentation/2.3/index.html; everything else", message)

    def test_without_nodes_the_one_that_there_is_stays(self):
        configure_balancer(request())
        configure_balancer(request(player=None))
        self.assertEqual(self.text(PAGE), "player")


if __name__ == "__main__":
    unittest.main()
