"""Nodes and tenants at the real BBBLB, told by the host programs: faults 6, 7 and 8 among them."""

import json
import os
from unittest import mock

from bbb_cluster.balancer import bbblb, bbblb_database, bbblb_tenants
from bbb_cluster.balancer.balancer import Refused
from bbb_cluster.balancer.bbblb_tenants import Tenant
from bbb_cluster.system import progress
from faults import Rig, fill
from nodes import SECRET
from recordings import signed
from waiting import eventually


def url_of(node):
    return f"https://{node.domain}/bigbluebutton/"


def nothing():
    return ""


class Told(Rig):
    """A balancer that runs, with two nodes, and the host programs beside it."""

    def told(self, number_of_nodes=2):
        balancer, found = self.balancer(True, number_of_nodes)
        for place, name, value in (
            (bbblb_database, "NAME", balancer.database),
            (bbblb, "LOADS", balancer.environment["GUARD_LOADS"]),
            (progress, "show", lambda _line: None),
        ):
            patcher = mock.patch.object(place, name, value)
            patcher.start()
            self.addCleanup(patcher.stop)
        return bbblb.Bbblb(), balancer, found


class Members(Told):
    def test_a_node_comes_closed_and_is_used_once_it_is_enabled(self):
        members, balancer, _ = self.told(0)
        node = self.node(1)
        self.assertIsNone(members.state(url_of(node)))
        for _ in range(2):
            members.add(url_of(node), SECRET, 1)
            self.assertEqual(members.state(url_of(node)).state, "cordoned")
        self.assertFalse(balancer.create("moodle", "room"))
        for _ in range(2):
            members.enable(url_of(node))
            self.assertEqual(members.state(url_of(node)).state, "enabled")
        self.assertTrue(balancer.create("moodle", "room"))
        self.assertEqual(members.state(url_of(node)).secret, SECRET)

    def test_another_secret_is_corrected_and_leaves_it_as_open_as_it_was(self):
        members, _, (node, _) = self.told()
        members.add(url_of(node), "another-secret", 1)
        server = members.state(url_of(node))
        self.assertEqual((server.secret, server.state), ("another-secret", "enabled"))

    def test_a_cordoned_node_keeps_its_rooms_and_gets_no_new_ones(self):
        members, balancer, found = self.told()
        balancer.create("moodle", "first")
        home, other = sorted(found, key=lambda node: -len(node.meetings))
        for _ in range(2):
            members.cordon(url_of(home))
        balancer.polled(other)
        for number in range(4):
            self.assertTrue(balancer.create("moodle", f"room{number}"))
        self.assertTrue(balancer.create("moodle", "first"))
        self.assertEqual((len(home.meetings), len(other.meetings)), (1, 4))

    def test_the_last_node_is_not_cordoned_unless_all_go(self):
        members, balancer, (first, second) = self.told()
        members.cordon(url_of(first))
        with self.assertRaisesRegex(Refused, "is the last server of BBBLB that is enabled and online"):
            members.cordon(url_of(second))
        self.assertTrue(balancer.create("moodle", "room"))
        members.cordon(url_of(second), True)
        self.assertEqual(members.state(url_of(second)).state, "cordoned")

    def test_a_larger_node_gets_its_share(self):
        members, balancer, (small, large) = self.told()
        members.add(url_of(small), SECRET, 4.0)
        fill(balancer, (small, large))

        def each(node):
            return float(balancer.server(node, "load")) / len(node.meetings)

        eventually(lambda: each(small) > 3 * each(large) > 0, "a meeting counts four times as much")

    def test_a_node_that_had_rooms_with_callbacks_can_be_removed(self):
        """Faults 6 and 7."""
        members, balancer, (node, _) = self.told()
        self.occupy(balancer, node)
        balancer.call("moodle", "end", meetingID="room")
        members.cordon(url_of(node))
        for _ in range(2):
            members.remove(url_of(node), nothing)
        self.assertIsNone(members.state(url_of(node)))
        self.assertTrue(balancer.create("moodle", "room"))

    def test_a_node_that_is_in_use_is_not_removed(self):
        members, _, (node, _) = self.told()
        with self.assertRaisesRegex(Refused, "still has 2 meetings with 14 people: it stays"):
            members.remove(url_of(node), lambda: "2 meetings with 14 people")
        with self.assertRaisesRegex(Refused, "is enabled at BBBLB, and not by this cluster"):
            members.remove(url_of(node), nothing)
        self.assertEqual(members.state(url_of(node)).state, "enabled")

    def test_rooms_of_a_node_that_is_given_up_begin_elsewhere(self):
        members, balancer, (node, other) = self.told()
        self.occupy(balancer, node)
        node.fail("gone")
        members.give_up(url_of(node))
        self.assertTrue(balancer.create("moodle", "room"))
        self.assertIn("room-bbblb-moodle", other.meetings)

    def occupy(self, balancer, node):
        """Has a room with a callback begin on a node: a poll may come between, and say that the others have room."""

        def begins():
            balancer.sql(f"UPDATE servers SET load = 1000 WHERE domain <> '{node.domain}'")
            self.assertTrue(balancer.create("moodle", "room", meetingEndedURL="http://127.0.2.1:9/"))
            if list(node.meetings) == ["room-bbblb-moodle"]:
                return True
            balancer.call("moodle", "end", meetingID="room")
            return False

        eventually(begins, "the room is on this node")


class BbblbsOwnWays(Told):
    """Why they are not used; when one of these fails, upstream has mended it."""

    def test_its_command_removes_no_server(self):
        """Fault 6."""
        balancer, (node, _) = self.balancer(False, 2)
        self.assertIn("removed", balancer.command("server", "delete", node.domain))
        self.assertEqual(balancer.server(node, "domain"), node.domain)

    def test_its_import_removes_no_server_that_had_callbacks(self):
        """Fault 7."""
        balancer, (node,) = self.balancer(False, 1)
        balancer.create("moodle", "room", meetingEndedURL="http://127.0.2.1:9/")
        balancer.call("moodle", "end", meetingID="room")
        state = f"{balancer.folder}/state.json"
        with open(state, "w", encoding="utf-8") as file:
            json.dump({"v": 1, "servers": {}, "tenants": {}}, file)
        os.chmod(state, 0o666)
        with self.assertRaisesRegex(AssertionError, "ForeignKeyViolation"):
            balancer.command("state", "import", "--delete", state)
        self.assertEqual(balancer.server(node, "domain"), node.domain)

    def test_its_http_management_fails(self):
        """Fault 8."""
        balancer, _ = self.balancer(False, 1)
        token = signed({}, {"aud": "lb.example.com", "sub": "x", "scope": "admin"}, "secret-of-the-balancer")
        headers = {"Authorization": f"Bearer {token}"}
        self.assertEqual(balancer.ask("/bbblb/api/v1/server", "lb.example.com", None, headers)[0], 500)


class Tenants(Told):
    A, B = Tenant("moodle", "moodle-api.example.com"), Tenant("greenlight", "greenlight-api.example.com")

    def converge(self, tenants, secrets):
        return bbblb_tenants.converge(tenants, {tenant.name: secret for tenant, secret in zip(tenants, secrets)})

    def test_as_they_are_wanted_nothing_changes(self):
        self.told(1)
        self.assertEqual(self.converge([self.A, self.B], ["moodle-secret", "greenlight-secret"]), [])

    def test_exchange_names_and_secrets_at_once(self):
        _, balancer, _ = self.told(1)
        swapped = [Tenant("moodle", self.B.host), Tenant("greenlight", self.A.host)]
        self.assertEqual(self.converge(swapped, ["greenlight-secret", "moodle-secret"]), ["greenlight", "moodle"])
        self.assertEqual(self.converge(swapped, ["greenlight-secret", "moodle-secret"]), [])
        balancer.stop()
        balancer.start()
        self.assertTrue(balancer.create("moodle", "room"))
        self.assertEqual(balancer.sql("SELECT t.name FROM meetings JOIN tenants t ON t.id = tenant_fk"), "greenlight")

    def test_get_another_secret_and_keep_their_rooms(self):
        _, balancer, (node,) = self.told(1)
        balancer.create("moodle", "room")
        self.assertEqual(self.converge([self.A, self.B], ["it's \\ new", "greenlight-secret"]), ["moodle"])
        eventually(lambda: not balancer.create("moodle", "room"), "the old secret is refused")
        self.assertEqual(balancer.meetings_on(node), 1)
        self.assertEqual(balancer.sql("SELECT secret FROM tenants WHERE name = 'moodle'"), "it's \\ new")

    def test_come_back_to_what_they_had(self):
        _, balancer, (node,) = self.told(1)
        balancer.create("moodle", "room")
        before = balancer.sql("SELECT id FROM tenants WHERE name = 'moodle'")
        self.assertEqual(self.converge([self.B], ["greenlight-secret"]), ["moodle"])
        self.assertEqual(self.converge([self.B], ["greenlight-secret"]), [])
        self.assertEqual(self.converge([self.B, self.A], ["greenlight-secret", "moodle-secret"]), ["moodle"])
        self.assertEqual(balancer.sql("SELECT id FROM tenants WHERE name = 'moodle' AND enabled"), before)
        self.assertEqual(balancer.meetings_on(node), 1)
