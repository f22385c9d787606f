import random
import unittest
from unittest import mock

import support  # noqa: F401
from balanced import NODE, Members
from bbb_cluster.balancer import membership
from bbb_cluster.balancer.members import BY_HAND
from bbb_cluster.system import curl, files
from support import Failure

HOLDERS = ("configuration", "hand", "rollout")
WAYS = ("killed before", "killed after", "call lost", "answer lost")


class Killed(BaseException):
    """As a kill ends the program: nothing cleans up after it."""


class Interrupted(Members):
    """
    Random lives of a node at Scalelite. Each step may be killed, or lose a call or the answer to it, and is repeated
    until it is done; between steps somebody cordons and enables there by hand, and Scalelite polls.
    """

    def setUp(self):
        super().setUp()
        # How many writes and calls until one goes wrong, and how.
        self.left, self.way = None, ""
        write, send = files.write_all, curl.send
        self.patch(mock.patch.object(files, "write_all", lambda changes: self.risky(lambda: write(changes))))
        self.patch(mock.patch.object(curl, "send", lambda *call: self.risky(lambda: send(*call), True)))

    def risky(self, step, is_call=False):
        goes_wrong = self.left == 0
        self.left = None if self.left is None else self.left - 1
        if not goes_wrong:
            return step()
        if self.way in ("killed after", "answer lost"):
            step()
        if is_call and self.way.endswith("lost"):
            return curl.Answer(0, "", "curl: (52) Empty reply from server")
        raise Killed

    def interrupted(self, step, *arguments):
        """Runs it; whether it came to its end."""
        self.left, self.way = self.source.choice([None, *range(9)]), self.source.choice(WAYS)
        try:
            step(*arguments)
        except (Killed, Failure):
            return False
        finally:
            self.left = None
        return True

    def until_done(self, step, *arguments):
        for _ in range(self.source.randrange(3)):
            if self.interrupted(step, *arguments):
                return
        step(*arguments)

    def live(self, event):
        """One thing that happens to the node."""
        by = self.source.choice(HOLDERS)
        if event == "join":
            self.until_done(self.join_as_it_is)
        elif by == "configuration":
            self.holders ^= {by}
            self.until_done(self.join_as_it_is)
        elif event == "hold":
            self.until_done(self.hold, by)
            self.holders.add(by)
        elif event == "release":
            self.until_done(self.release, by)
            self.holders.discard(by)
            self.by_hand = self.by_hand and by != "hand"
        elif event == "cannot leave":
            self.assertFalse(self.interrupted(self.leave, "1 meeting with 2 people"))
            self.join_as_it_is()
        elif event == "leave":
            self.until_done(self.leave)
            self.assertIsNone(self.state())
            self.holders, self.by_hand = set(), False
            self.until_done(self.join)
        elif event == "poll":
            self.there.poll()
        elif event == "closed by hand" and self.state() == "enabled":
            self.server()["state"], self.by_hand = "cordoned", True
        elif event == "opened by hand" and self.by_hand:
            self.server()["state"], self.by_hand = "enabled", False
            self.join_as_it_is()

    def join_as_it_is(self):
        self.join("it is draining" if "configuration" in self.holders else "")

    def is_as_wanted(self):
        self.assertEqual(len(self.there.servers), 2)
        self.assertEqual(self.state() == "enabled", not self.holders and not self.by_hand)
        self.assertEqual(BY_HAND in self.closed(), self.by_hand)
        self.assertEqual({by for by in HOLDERS if f"by {by} " in self.closed()}, self.holders)
        self.assertNotIn("updateServer disable", self.changes())

    def test_it_is_there_once_open_when_nobody_holds_it_and_never_opened_against_a_hand(self):
        events = ["join", "hold", "release", "cannot leave", "leave", "poll", "closed by hand", "opened by hand"]
        for seed in range(150):
            self.source, self.holders, self.by_hand = random.Random(seed), set(), False
            self.there.servers = {}
            self.there.put("bbb-02.example.com")
            membership.forget(NODE)
            self.until_done(self.join)
            for event in self.source.choices(events, k=12):
                with self.subTest(seed=seed, event=event):
                    self.live(event)
                    self.is_as_wanted()


if __name__ == "__main__":
    unittest.main()
