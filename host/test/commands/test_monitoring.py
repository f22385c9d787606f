import json
import unittest
from unittest import mock

import support  # noqa: F401
from bbb_cluster.balancer import membership
from bbb_cluster.commands import check, metrics, monitoring
from bbb_cluster.monitoring import settings, textfile
from bbb_cluster.system.failure import Failure
from support import FINE, SHOWN, Machine

TOKEN = "a1" * 32
SITE = {"path": "/etc/nginx/conf.d/bbb-cluster-metrics.conf", "restart": ["nginx"], "content": ["server {}"]}
DEFAULTS = {
    "path": "/etc/default/prometheus-node-exporter",
    "restart": ["prometheus-node-exporter"],
    "content": ['ARGS="--web.listen-address=127.0.0.1:9100"'],
}
CHECK = {"through": "node", "url": "https://bbb-01.example.com", "page": "https://bbb.example.com/bbb-01/html5client/"}
REQUEST = {
    "hostname": "bbb-01.example.com",
    "role": "node",
    "check": CHECK,
    "repair": "",
    "files": [SITE, DEFAULTS],
    "token": TOKEN,
}
MEETINGS = (
    "<response><returncode>SUCCESS</returncode><meetings>"
    "<meeting><participantCount>3</participantCount><listenerCount>1</listenerCount>"
    "<voiceParticipantCount>2</voiceParticipantCount><videoCount>4</videoCount></meeting>"
    "<meeting><participantCount>5</participantCount></meeting></meetings></response>" + FINE
)


class Monitoring(Machine):
    def configure(self, **other):
        return monitoring.configure_monitoring({**REQUEST, **other}, "0" * 64)

    def test_exporters_are_reached_by_whoever_knows_the_token(self):
        self.configure()
        self.assertIn(f'"~^Bearer {TOKEN}$" 1;', self.get(monitoring.TOKEN).decode())
        self.assertEqual(self.mode(monitoring.TOKEN), 0o600)
        self.assertEqual(self.get(SITE["path"]), b"server {}\n")
        self.assertEqual(len(self.called("^systemctl restart prometheus-node-exporter")), 1)
        self.assertEqual(len(self.called("reload-or-restart nginx")), 1)

    def test_a_second_run_changes_nothing(self):
        self.configure()
        before, calls = self.everything(None), len(self.calls)
        self.configure()
        self.assertEqual(self.everything(None), before)
        self.assertEqual([call for call in self.calls[calls:] if "restart" in call], [])

    def test_a_new_token_is_read_by_nginx(self):
        self.configure()
        self.configure(token="b2" * 32)
        self.assertIn("b2" * 32, self.get(monitoring.TOKEN).decode())
        self.assertEqual(len(self.called("reload-or-restart nginx")), 2)

    def test_the_token_is_seen_nowhere_else(self):
        self.configure()
        self.assertNotIn(TOKEN, "\n".join(self.said + self.calls))
        holders = [path for path, (content, _) in self.everything(None).items() if TOKEN.encode() in content]
        self.assertEqual(holders, [monitoring.TOKEN])

    def test_what_is_wrong_is_refused_before_anything_is_done(self):
        before = self.everything(None)
        for wrong, said in (
            ({"token": "x"}, "`token` in the request must have 32 to 128 hexadecimal digits"),
            ({"role": "printer"}, "`role` must be one of proxy, node, balancer, got `printer`"),
            ({"check": {**CHECK, "through": "door"}}, "`through` must be node or balancer, got `door`"),
            ({"check": {**CHECK, "url": "http://x"}}, "`check` in the request must name https URLs, got `http://x`"),
        ):
            self.assertEqual(self.fails(self.configure_with(wrong)), said)
        self.assertEqual(self.everything(None), before)

    def configure_with(self, wrong):
        return lambda: self.configure(**wrong)

    def test_taken_away_nothing_of_it_is_left_and_exporters_stop_before_they_listen_to_everybody(self):
        before = set(self.everything())
        self.configure()
        metrics.metrics({}, "")
        stopped = []
        self.on("disable --quiet --now", lambda _: stopped.append(self.get(DEFAULTS["path"])) or "")
        monitoring.forget_monitoring(REQUEST, "0" * 64)
        self.assertEqual(set(self.everything()), before)
        self.assertEqual(stopped, [b'ARGS="--web.listen-address=127.0.0.1:9100"\n'])
        self.assertEqual(
            self.fails(settings.load), "nobody asks this machine for metrics: set `monitoringCidrs`, then `pulumi up`"
        )

    def test_a_node_tells_of_its_meetings_by_the_names_that_dashboards_know(self):
        self.configure()
        self.on("getMeetings", MEETINGS)
        told = self.told()
        self.assertIn("bbb_api_up 1\n", told)
        self.assertIn("bbb_meetings 2\n", told)
        self.assertIn("bbb_meetings_participants 8\n", told)
        self.assertIn("bbb_meetings_video_participants 4\n", told)
        self.assertIn("bbb_cluster_in_service 1\n", told)
        self.assertIn("bbb_cluster_recordings_waiting 0\n", told)

    def test_a_node_whose_api_is_silent_tells_that(self):
        self.configure()
        self.on("getMeetings", "", 7)
        self.assertIn("bbb_api_up 0\n", self.told())

    def test_the_last_check_is_told_with_the_step_at_which_it_failed(self):
        self.configure()
        said = {"through": "node", "at": 1795000000, "steps": {"create": 0.5}, "failed": "create", "why": "no"}
        self.put(check.KEPT, json.dumps(said))
        told = self.told()
        self.assertIn('bbb_cluster_check_success{through="node"} 0\n', told)
        self.assertIn('bbb_cluster_check_failed_step{through="node",step="create"} 1\n', told)
        self.assertIn('bbb_cluster_check_step{through="node",step="create"} 0.5\n', told)

    def test_a_machine_that_is_to_try_tells_so_before_it_has_and_one_that_no_longer_is_tells_of_none(self):
        self.configure()
        self.assertIn('bbb_cluster_check_wanted{through="node"} 1\n', self.told())
        self.put(check.KEPT, json.dumps({"through": "node", "at": 1, "steps": {}, "failed": "", "why": ""}))
        self.assertIn("bbb_cluster_check_success", self.told())
        self.configure(check=None)
        self.assertNotIn("bbb_cluster_check", self.told())

    def test_what_cannot_be_had_keeps_nothing_else_from_being_told(self):
        self.configure()
        self.put(check.KEPT, json.dumps({"through": "node", "at": 1, "steps": {}, "failed": "create", "why": "no"}))

        def hang(_command):
            raise Failure("`redis-cli` did not end within 10 seconds")

        self.on("^redis-cli", hang)
        told = self.told()
        self.assertIn('bbb_cluster_check_success{through="node"} 0\n', told)
        self.assertIn("bbb_cluster_metrics_timestamp_seconds", told)
        self.assertIn("left out: `redis-cli` did not end within 10 seconds", self.said)

    def test_the_last_check_tells_whether_anybody_is_relayed_where_the_node_names_a_relay(self):
        self.configure()
        said = {"through": "node", "at": 1795000000, "steps": {"relay": 0.5}, "failed": "", "why": ""}
        for relay, line in (("", "1"), ("it relays nothing", "0")):
            self.put(check.KEPT, json.dumps({**said, "relay": relay}))
            self.assertIn(f'bbb_cluster_check_relay{{through="node"}} {line}\n', self.told())
        self.put(check.KEPT, json.dumps({**said, "relay": None}))
        self.assertNotIn("bbb_cluster_check_relay", self.told())

    def told(self):
        metrics.metrics({}, "")
        return self.get(textfile.PATH).decode()

    def test_the_machine_that_tells_the_load_balancer_tells_which_nodes_are_closed_there(self):
        self.configure(role="proxy", check=None)
        held = {"hand": {"since": "2026-11-26T10:00:00Z", "reason": "disk"}}
        membership.keep(membership.Membership("bbb-02", "https://x/bigbluebutton/api", held, True))
        told = self.told()
        self.assertIn('bbb_cluster_cordoned{node="bbb-02",by="hand"} 1\n', told)
        self.assertIn('bbb_cluster_cordon_since_timestamp_seconds{node="bbb-02",by="hand"} 1795687200\n', told)

    def test_a_proxy_tells_whether_it_has_anybody_sent_here(self):
        self.configure(role="proxy", check=None)
        for answer, line in (("\n200", "bbb_proxy_serving 1"), ("\n503", "bbb_proxy_serving 0")):
            self.on("^curl .*http://127.0.0.1:8483/https", answer)
            self.assertIn(f"{line}\n", self.told())

    def test_what_hangs_until_the_time_is_over_is_left_out_and_not_as_it_was_a_minute_ago(self):
        self.configure()
        self.on("getMeetings", MEETINGS)
        self.assertIn("bbb_api_up 1\n", self.told())
        with mock.patch.object(metrics.clock, "wall", side_effect=SystemExit(143)), self.assertRaises(SystemExit):
            metrics.metrics({}, "")
        told = self.get(textfile.PATH).decode()
        self.assertIn("bbb_cluster_maintenance_wanted", told)
        self.assertNotIn("bbb_cluster_metrics_timestamp_seconds", told)

    def test_a_check_without_the_secret_or_that_is_stopped_is_a_failed_one(self):
        self.configure()
        self.on("^bbb-conf --secret", "", 1)
        self.assertIn("people cannot meet through this node (secret): ", self.fails(check.check, {}, ""))
        self.assertIn('bbb_cluster_check_failed_step{through="node",step="secret"} 1\n', self.told())
        with mock.patch.object(check.trial, "hold", side_effect=SystemExit(143)), self.assertRaises(SystemExit):
            self.on("^bbb-conf --secret", SHOWN)
            check.check({}, "")
        self.assertIn('bbb_cluster_check_failed_step{through="node",step="unfinished"} 1\n', self.told())
        self.assertIn('bbb_cluster_check_success{through="node"} 0\n', self.told())

    def test_a_node_that_takes_no_meetings_is_not_tried(self):
        self.configure()
        self.put("/var/lib/bbb-cluster/cordons.json", '{"hand": {"since": "2026-11-26T10:00:00Z", "reason": "disk"}}')
        self.assertEqual(check.check({}, ""), {"checked": None})
        self.assertEqual(self.called("^curl"), [])
        told = self.told()
        self.assertIn('bbb_cluster_cordoned{by="hand"} 1\n', told)
        self.assertNotIn("bbb_cluster_check_success", told)


if __name__ == "__main__":
    unittest.main()
