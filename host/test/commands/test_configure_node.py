import os
import unittest

import fixtures
import support  # noqa: F401
from bbb_cluster.bigbluebutton import node_settings
from bbb_cluster.settings import records
from bbb_cluster.system import paths
from bbb_cluster.updates import schedule
from cluster_node import Node
from fixtures import DROP_IN, ETHERPAD, HTML5, MIDDLEWARE, NGINX, PROPERTIES
from programs import configure_node


class Configuring(Node):
    def test_the_first_time_ends_with_a_restart_of_everything(self):
        result = configure_node(fixtures.manifest())
        self.assertEqual(result["changed"], [PROPERTIES, HTML5, MIDDLEWARE, NGINX, DROP_IN, ETHERPAD])
        self.assertEqual(result["release"], "3.0.30")
        self.assertEqual(self.restarts(), ["systemctl daemon-reload", "bbb-conf --restart"])
        self.assertLess(self.calls.index("nginx -t"), self.calls.index("bbb-conf --restart"))
        self.assertIn("https://127.0.0.1/bigbluebutton/api", self.calls[-2])

    def test_secrets_remarks_order_and_foreign_keys_survive(self):
        configure_node(fixtures.manifest())
        text = self.get(PROPERTIES).decode()
        expected = fixtures.PROPERTIES_TEXT.replace("https://old.example.com", "https://bbb-01.example.com")
        self.assertEqual(text, expected + "\ndefaultHTML5ClientUrl=https://bbb.example.com/bbb-01/html5client/\n")
        self.assertEqual(self.mode(PROPERTIES), 0o640)
        self.assertEqual(self.get(ETHERPAD), b'{\n  "cluster_proxies": ["https://bbb.example.com"]\n}\n')
        self.assertEqual(self.mode(ETHERPAD), 0o644)
        self.assertEqual(self.get(MIDDLEWARE), b"server:\n  authorized_cross_origin: bbb.example.com\n")

    def test_a_pre_release_of_the_line_gets_the_rows_of_the_line(self):
        for release, wanted in (("4.0.0-rc.5", "4.0"), ("4.0.0-rc.5", "4.0.0-rc.5"), ("4.1.0-dev", "4.1")):
            self.put(fixtures.RELEASE, f"BIGBLUEBUTTON_RELEASE={release}\n")
            later = [{**file, "since": "4.0.0"} for file in fixtures.files()]
            result = configure_node(fixtures.manifest(later, release=wanted))
            self.assertEqual((result["release"], len(result["changed"])), (release, 6))
            configure_node(fixtures.manifest([], release=wanted))

    def test_a_second_run_changes_and_restarts_nothing(self):
        configure_node(fixtures.manifest())
        after, self.calls = self.everything(""), []
        result = configure_node(fixtures.manifest())
        self.assertEqual((result["changed"], result["restarted"]), ([], []))
        self.assertEqual(self.restarts(), [])
        self.assertEqual(self.everything(""), after)

    def test_an_empty_manifest_gives_back_what_was_there(self):
        configure_node(fixtures.manifest())
        result = configure_node(fixtures.manifest([]))
        self.assertEqual(self.everything(), self.before)
        self.assertEqual(len(result["changed"]), 6)
        self.assertFalse(os.path.exists(paths.on_host(os.path.dirname(DROP_IN))))

    def test_a_node_that_was_taken_out_of_the_cluster_is_as_before_and_may_come_back(self):
        configure_node(fixtures.manifest())
        self.calls = []
        result = configure_node(fixtures.manifest([]))
        self.assertEqual(self.everything(), self.before)
        self.assertEqual((list(records.load().scopes), records.load().release), ([schedule.SCOPE], None))
        units = ["bbb-graphql-middleware", "bbb-apps-akka", "bbb-web", "etherpad", "daemon-reload", "nginx"]
        self.assertEqual(sorted(result["restarted"]), sorted(units))
        self.calls = []
        self.assertEqual(configure_node(fixtures.manifest([]))["restarted"], [])
        self.assertEqual(configure_node(fixtures.manifest())["restarted"], ["everything"])
        configure_node(fixtures.manifest([]))
        self.assertEqual(self.everything(), self.before)

    def test_a_node_that_never_was_in_the_cluster_is_left_alone(self):
        self.assertEqual(configure_node(fixtures.manifest([]))["restarted"], [])
        self.assertEqual((self.restarts(), self.everything()), ([], self.before))

    def test_later_only_what_reads_a_changed_file_is_restarted(self):
        configure_node(fixtures.manifest())
        for index, change, expected in (
            (3, {"content": ["other"]}, ["systemctl reload-or-restart nginx"]),
            (1, {"set": {"public.app.basename": "/x"}}, ["systemctl restart bbb-apps-akka"]),
            (4, {"content": ["[Service]"]}, ["systemctl daemon-reload", "systemctl restart bbb-web"]),
        ):
            wanted = fixtures.files()
            wanted[index].update(change)
            self.calls = []
            configure_node(fixtures.manifest(wanted))
            configure_node(fixtures.manifest())
            self.assertEqual(self.restarts(), expected * 2)

    def test_services_start_in_the_order_in_which_they_need_each_other(self):
        configure_node(fixtures.manifest())
        wanted = [{**file, "set": {}} if "set" in file else file for file in fixtures.files()][:3]
        self.calls = []
        configure_node(fixtures.manifest([*wanted, *fixtures.files()[4:]]))
        order = ["bbb-apps-akka", "bbb-web", "bbb-graphql-middleware"]
        self.assertEqual(
            self.called("restart"), [*(f"systemctl restart {u}" for u in order), "systemctl reload-or-restart nginx"]
        )

    def test_a_unit_that_this_machine_does_not_run_is_not_started(self):
        configure_node(fixtures.manifest())
        self.on("systemctl show .* etherpad", "LoadState=not-found\nActiveState=inactive\n")
        result = configure_node(fixtures.manifest(fixtures.files()[:5]))
        self.assertEqual((result["changed"], result["restarted"]), ([ETHERPAD], []))

    def test_what_the_administrator_changed_is_kept_and_reported(self):
        configure_node(fixtures.manifest())
        self.put(HTML5, self.get(HTML5).replace(b"/bbb-01/html5client", b"/theirs"))
        self.put(NGINX, "theirs\n")
        result = configure_node(fixtures.manifest([]))
        self.assertEqual(sorted(result["kept"]), [f"{HTML5}: public.app.basename", NGINX])
        self.assertEqual(self.get(NGINX), b"theirs\n")
        self.assertIn(f"kept: {NGINX} was changed on this machine", self.said)
        self.assertEqual(configure_node(fixtures.manifest([]))["changed"], [])

    def test_a_file_of_ours_that_was_edited_is_repaired_and_its_origin_not_forgotten(self):
        self.put(NGINX, "from the package\n", 0o600)
        configure_node(fixtures.manifest())
        self.put(NGINX, "edited\n")
        self.assertEqual(configure_node(fixtures.manifest())["changed"], [NGINX])
        configure_node(fixtures.manifest([]))
        self.assertEqual((self.get(NGINX), self.mode(NGINX)), (b"from the package\n", 0o600))

    def test_records_are_for_root_alone_and_nothing_secret_is_said(self):
        configure_node(fixtures.manifest())
        self.assertEqual(self.mode("/var/lib/bbb-cluster/records.json"), 0o600)
        self.assertNotIn("iLoVeSaLt", "\n".join(self.said))


class Refusing(Node):
    def test_another_line_is_refused_untouched(self):
        for release, message in (
            ("2.7.5", "BigBlueButton 2.7.5 is installed, wanted is 3.0: replace this node"),
            ("4.0.0-rc.1", "BigBlueButton 4.0.0-rc.1 is installed, wanted is 3.0: replace this node"),
            ("x", "`x` is not a BigBlueButton release"),
        ):
            self.put(fixtures.RELEASE, f"BIGBLUEBUTTON_RELEASE={release}\n")
            self.assertIn(message, self.fails(configure_node, fixtures.manifest()))
        os.unlink(paths.on_host(fixtures.RELEASE))
        self.assertIn("is not installed here", self.fails(self.settings))
        self.assertEqual(self.restarts(), [])

    def settings(self):
        """The part of the command that comes after the installation."""
        node_settings.configure(node_settings.parse(fixtures.manifest()), lambda: None)

    def test_a_file_that_cannot_be_read_is_named_and_nothing_is_written(self):
        for path, text, message in (
            (HTML5, "a: b: c\n", f"{HTML5}: not valid YAML, line 1"),
            (PROPERTIES, "a=\\u1\n", f"{PROPERTIES}: line 1 has"),
        ):
            original = self.get(path)
            self.put(path, text)
            before = self.everything()
            self.assertIn(message, self.fails(configure_node, fixtures.manifest()))
            self.assertEqual({**self.everything(), **before}, self.everything())
            self.put(path, original)
        self.assertEqual(self.restarts(), [])

    def test_a_wrong_manifest_is_refused(self):
        for change, message in (
            ({"path": "relative"}, "`path` must be absolute"),
            ({"path": "/etc/../etc/x"}, "`path` must be absolute"),
            ({"format": "toml"}, "`format` must be one of"),
            ({"set": {"a": 1, "a.b": 2}, "format": "yaml"}, "cannot both be set"),
            ({"set": {"a..b": 1}, "format": "yaml"}, "not a dotted path"),
            ({"set": {"a": []}}, "must be a text, a number"),
            ({"format": "xml"}, "`format` must be one of properties, yaml, json, env, got `xml`"),
            ({"set": {"a-b": "c"}, "format": "env"}, "`a-b` is not a name of a variable"),
            ({"set": {"A": []}, "format": "env"}, "`A` must be a text, a number"),
            (
                {"mode": "0600"},
                "`mode` is not a known key of a file; known keys: path, restart, format, onlyIfKey",
            ),
            ({"restart": None}, "the request has no `restart`"),
            ({"path": HTML5, "format": "yaml"}, "the request names /etc/bigbluebutton/bbb-html5.yml twice"),
        ):
            wanted = fixtures.files()
            wanted[0].update(change)
            self.assertIn(message, self.fails(configure_node, fixtures.manifest(wanted)))
        for content, message in ((["a\nb"], "line break"), ("a", "`content` in the request must be a list, got str")):
            wanted = fixtures.files()
            wanted[3]["content"] = content
            self.assertIn(message, self.fails(configure_node, fixtures.manifest(wanted)))
        self.assertEqual(self.everything(), self.before)

    def test_braces_stand_for_several_files(self):
        wanted = [{"path": "/etc/x-{a,b}.d/c", "content": ["y"], "restart": []}]
        result = configure_node(fixtures.manifest(wanted))
        self.assertEqual(result["changed"], ["/etc/x-a.d/c", "/etc/x-b.d/c"])
        self.assertEqual((self.get("/etc/x-a.d/c"), self.get("/etc/x-b.d/c")), (b"y\n", b"y\n"))

    def test_a_node_that_is_being_installed_is_left_alone(self):
        self.on("ActiveState bbb-install", "ActiveState=activating\n")
        self.assertIn("still being installed", self.fails(self.settings))


if __name__ == "__main__":
    unittest.main()
