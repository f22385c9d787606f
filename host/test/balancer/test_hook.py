import os
import unittest

import support  # noqa: F401
from balanced import ONE, api
from bbb_cluster.balancer import choice, members
from bbb_cluster.balancer.balancer import Balancer
from bbb_cluster.balancer.hook import Hook
from bbb_cluster.system import paths, processes
from support import Machine, Result

SCRIPT = """#!/bin/sh
test "$2" = bbb-01.example.com || exit 9
test -z "$(cat)" || exit 8
echo "$1" >> "$BBB_CLUSTER_ROOT/told"
test ! -e "$BBB_CLUSTER_ROOT/broken" || { echo first; echo "B3LB says no" >&2; exit 3; }
"""
NODE = "bbb-01"


class Hooked(Machine):
    def setUp(self):
        super().setUp()
        self.hook = Hook(SCRIPT)

    def run_program(self, argv, timeout_seconds, environment):
        return processes.execute(argv, timeout_seconds, environment)

    def told(self):
        told = (self.get("/told") or b"").decode().split()
        if told:
            os.unlink(paths.on_host("/told"))
        return told

    def join(self):
        return members.join(self.hook, NODE, api(ONE), "secret", 1.0)

    def broken(self):
        self.put("/broken", "")

    def repaired(self):
        os.unlink(paths.on_host("/broken"))

    def test_it_is_told_what_happens_to_which_node(self):
        self.assertEqual(self.join(), "")
        members.hold(self.hook, NODE, "hand", "new disk")
        members.hold(self.hook, NODE, "rollout", "reboot")
        members.release(self.hook, NODE, "hand")
        members.release(self.hook, NODE, "rollout")
        members.leave(self.hook, NODE, api(ONE), lambda: "")
        members.give_up(self.hook, NODE, api(ONE))
        self.assertEqual(self.told(), ["enable", "cordon", "enable", "cordon", "remove", "give-up"])

    def test_a_node_that_joins_again_is_told_again(self):
        self.join()
        self.join()
        self.assertEqual(self.told(), ["enable", "enable"])

    def test_a_node_with_people_is_cordoned_and_enabled_again(self):
        self.join()
        message = self.fails(members.leave, self.hook, NODE, api(ONE), lambda: "1 meeting with 2 people")
        self.assertIn("bbb-01.example.com still has 1 meeting with 2 people", message)
        self.assertEqual(self.told(), ["enable", "cordon", "enable"])

    def test_a_failure_fails_the_step_with_the_last_line_and_is_told_again(self):
        self.join()
        self.broken()
        message = self.fails(members.hold, self.hook, NODE, "hand", "new disk")
        self.assertEqual(message, "the hook of `loadBalancer` failed at cordon bbb-01.example.com: B3LB says no")
        self.repaired()
        members.hold(self.hook, NODE, "hand", "new disk")
        self.broken()
        self.fails(members.release, self.hook, NODE, "hand")
        self.repaired()
        self.assertEqual(members.release(self.hook, NODE, "hand"), "")
        self.assertEqual(self.told(), ["enable", "cordon", "cordon", "enable", "enable"])

    def test_a_failure_without_a_word_names_the_exit_status(self):
        self.assertIn(": exit status 7", self.fails(Hook("#!/bin/sh\nexit 7\n").enable, api(ONE)))

    def test_a_script_whose_interpreter_is_missing_is_a_failure(self):
        self.assertIn("is not installed", self.fails(Hook("#!/no/such/interpreter\n").enable, api(ONE)))

    def test_it_lies_where_root_alone_reads_it(self):
        self.join()
        folder = paths.on_host("/var/lib/bbb-cluster/hooks")
        (name,) = os.listdir(folder)
        self.assertEqual(os.stat(os.path.join(folder, name)).st_mode & 0o777, 0o700)


class Choice(Machine):
    def test_nobody_is_told_without_a_hook_and_what_is_kept_closed_is_known(self):
        balancer = choice.parse({"kind": "none"})
        self.assertIs(type(balancer), Balancer)
        self.assertEqual(members.join(balancer, NODE, api(ONE), "secret", 1.0), "")
        self.assertIn("cordoned by hand", members.hold(balancer, NODE, "hand", "new disk"))
        self.assertIn("cordoned by hand", members.why_closed(balancer, NODE, api(ONE)))
        self.assertEqual(members.release(balancer, NODE, "hand"), "")
        self.assertEqual(members.why_closed(balancer, NODE, api(ONE)), "")
        members.leave(balancer, NODE, api(ONE), lambda: self.fail("who hears nothing needs to know nothing"))
        self.assertEqual(self.calls, [])

    def test_what_is_kept_is_root_s_alone(self):
        self.assertIn("has not been told of a load balancer yet", self.fails(choice.kept))
        wanted = {"kind": "scalelite", "url": "https://lb.example.com", "secret": "l0adbalancer"}
        self.assertEqual((choice.keep(wanted), choice.keep(wanted)), (True, False))
        self.assertEqual(self.mode(choice.KEPT), 0o600)
        self.on("^curl", Result(7, "", "curl: (7) Failed to connect"))
        self.assertIn("Scalelite at https://lb.example.com", self.fails(choice.kept().state, api(ONE)))

    def test_what_is_no_choice_is_refused_and_not_kept(self):
        for wrong in (
            {},
            {"kind": "b3lb"},
            {"kind": "scalelite", "url": "http://lb.example.com", "secret": "x"},
            {"kind": "scalelite", "url": "https://lb.example.com/x", "secret": "x"},
            {"kind": "scalelite", "url": "https://lb.example.com"},
            {"kind": "none", "url": "https://lb.example.com"},
        ):
            with self.subTest(wrong=wrong):
                self.fails(choice.keep, wrong)
                self.assertIsNone(self.get(choice.KEPT))


if __name__ == "__main__":
    unittest.main()
