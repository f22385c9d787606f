import fcntl
import json
import os
import random
import unittest
from unittest import mock

import yaml

import fixtures
import support  # noqa: F401
from bbb_cluster.settings import properties
from bbb_cluster.system import apt, lock
from bbb_cluster.system.lock import Lock
from cluster_node import Node
from fixtures import ETHERPAD, HTML5, MIDDLEWARE, NGINX, PROPERTIES
from programs import configure_node
from support import Result

STATE = "/var/lib/bbb-cluster/"


class Moments(Node):
    def test_packages_that_are_being_installed_are_waited_for(self):
        self.put(apt.LOCKS[0], "")
        self.put(apt.LOCKS[1], "")

        def locked(_file, _operation):
            if self.time < 100:
                raise BlockingIOError

        self.patch(mock.patch.object(fcntl, "lockf", locked))
        configure_node(fixtures.manifest())
        self.assertEqual(self.said.count("waiting while packages are being installed on this machine"), 2)
        self.time = -1000
        self.assertIn("packages are still being installed", self.fails(configure_node, fixtures.manifest()))

    def test_a_second_run_waits_and_then_says_who_is_at_work(self):
        with Lock("configure-node"):
            message = self.fails(configure_node, fixtures.manifest())
        self.assertRegex(message, rf"configure-node \(process {os.getpid()}, since .*\) still holds the lock after 10")
        self.assertGreaterEqual(self.time, lock.WAIT_SECONDS)

    def test_a_machine_without_nginx_is_an_error_and_unchanged(self):
        self.on("^nginx", Result(127, "", "nginx is not installed"))
        self.assertIn("nginx is not installed. The previous", self.fails(configure_node, fixtures.manifest()))
        self.assertEqual(self.everything(STATE), self.before)

    def test_what_an_interrupted_run_owes_is_not_forgotten_when_the_next_one_fails(self):
        configure_node(fixtures.manifest())
        self.put("/var/lib/bbb-cluster/journal.json", '{"entries": [], "units": ["bbb-web"]}')
        self.on("nginx -t", Result(1, "", "nginx: [emerg] no"))
        wanted = fixtures.files()
        wanted[3]["content"] = ["}"]
        self.fails(configure_node, fixtures.manifest(wanted))
        self.answers, self.calls = [], []
        self.assertEqual(configure_node(fixtures.manifest())["restarted"], ["bbb-web"])

    def test_after_a_package_upgrade_other_rows_apply_and_the_keys_of_the_old_ones_return(self):
        wanted = fixtures.manifest()
        until, since = {"before": "3.0.37"}, {"since": "3.0.37"}
        wanted["files"][0]["settings"][1].update(until)
        wanted["files"][1]["settings"].append({"key": "public.app.new", "value": 1, **since})
        wanted["files"][2]["settings"][0].update(until)
        wanted["files"][3].update(until)
        wanted["files"].append({**wanted["files"][3], "content": ["# new"], **since})
        del wanted["files"][-1]["before"]
        wanted["files"][5].update(until)
        configure_node(wanted)
        self.assertNotIn(b"new:", self.get(HTML5))
        self.put(fixtures.RELEASE, "BIGBLUEBUTTON_RELEASE=3.0.38\n")
        self.calls = []
        result = configure_node(wanted)
        self.assertEqual(result["release"], "3.0.38")
        self.assertEqual(sorted(result["changed"]), sorted([PROPERTIES, HTML5, MIDDLEWARE, NGINX, ETHERPAD]))
        base = properties.value_of(self.get(PROPERTIES).decode(), "presentationBaseURL")
        self.assertEqual(base, "https://old.example.com/bigbluebutton/presentation")
        self.assertIn(b"new: 1", self.get(HTML5))
        self.assertEqual((self.get(NGINX), self.get(ETHERPAD), self.get(MIDDLEWARE)), (b"# new\n", None, None))
        self.put(fixtures.RELEASE, "BIGBLUEBUTTON_RELEASE=4.0.0\n")
        self.assertIn("4.0.0 is installed, wanted is 3.0: replace", self.fails(configure_node, wanted))

    def test_what_is_restarted_may_depend_on_the_release(self):
        for release, unit in (("3.0.30", "bbb-html5"), ("3.0.99-rc.1", "bbb-apps-akka")):
            wanted = fixtures.manifest()
            configure_node(wanted)
            wanted["files"][1]["restart"] = [
                {"unit": "bbb-html5", "before": "3.0.99"},
                {"unit": "bbb-apps-akka", "since": "3.0.99"},
            ]
            self.put(fixtures.RELEASE, f"BIGBLUEBUTTON_RELEASE={release}\n")
            wanted["files"][1]["settings"][0]["value"] = f"/{release}"
            self.assertEqual(configure_node(wanted)["restarted"], [unit])

    def test_rows_that_contradict_each_other_are_refused(self):
        twice = {"key": "presentationBaseURL", "value": "https://x", "since": "3.0.30"}
        for change, words in (
            (lambda files: files[0]["settings"].append(twice), "`presentationBaseURL` is set twice for 3.0.30"),
            (lambda files: files.append({**files[3], "since": "3.0.30"}), f"the request names {NGINX} twice"),
            (lambda files: files[0].update(since="3.0", before="3.0.0"), "`since` 3.0 must be older than `before`"),
            (lambda files: files[0]["settings"][0].update(since="3.x"), "`3.x` is not a BigBlueButton release"),
            (lambda files: files[0].update(befor="3.0"), "`befor` is not a known key of a file"),
            (lambda files: files[0]["settings"][0].update(until="3.0"), "`until` is not a known key of a setting"),
            (lambda files: files[0].update(restart=[{"unit": "x", "from": "3.0"}]), "is not a known key of a unit"),
            (lambda files: files[0].update(restart=[1]), "must list units"),
            (lambda files: files[0].update(settings={"a": "b"}), "`settings` in the request must be a list"),
            (lambda files: files[0].update(settings=[{"key": "a"}]), "must list objects with `key` and `value`"),
        ):
            wanted = fixtures.manifest()
            change(wanted["files"])
            self.assertIn(words, self.fails(configure_node, wanted))
        wanted = fixtures.manifest()
        wanted["files"][0]["settings"].append({**twice, "since": "3.0.31"})
        configure_node(wanted)


class Values(Node):
    ODD = ["it's", 'say "hi"', "two\nlines", "$HOME ${x} $1", "c:\\dir\\", "ünïcödé 😀", "  around  ", "a: b # c", "="]
    ODD += ["", "#", "- x", "{a", "[", "*x", "&x", "!t", "%a", "@b", "`c", "null", "~", "0o17", "1e3", "12:30", "\t"]
    ODD += ["é\x85\u2028", "\ufeff", "\x01"]

    def test_any_text_arrives_as_it_was_given_in_both_formats(self):
        source = random.Random(1)
        for _ in range(12):
            html5 = {f"public.k{i}": source.choice([v, [v], {v or "k": v}]) for i, v in enumerate(self.ODD)}
            plain = {f"k{i}": source.choice([v, 1.5, True]) for i, v in enumerate(self.ODD)}
            wanted = fixtures.files()[:2]
            wanted[0]["set"], wanted[1]["set"] = plain, html5
            configure_node(json.loads(json.dumps(fixtures.manifest(wanted))))
            read = yaml.safe_load(self.get(HTML5).decode())["public"]
            self.assertEqual({f"public.{k}": v for k, v in read.items() if k[0] == "k" and k[1:].isdigit()}, html5)
            text = self.get(PROPERTIES).decode()
            for key, value in plain.items():
                expected = {True: "true"}.get(value, str(value)) if not isinstance(value, str) else value
                self.assertEqual(properties.value_of(text, key), expected)
        configure_node(fixtures.manifest([]))
        self.assertEqual(self.everything(), self.before)

    def test_what_no_file_can_hold_is_refused(self):
        for change, words in (
            ({"set": {"a": "\ud83d"}}, "an unpaired surrogate"),
            ({"set": {"\ud83d": "a"}}, "an unpaired surrogate"),
            ({"set": {"a": float("nan")}}, "NaN or Infinity"),
            ({"set": {"": "a"}}, "an empty key"),
            ({"set": {"a": {"b": 1}}}, "must be a text, a number, true or false"),
            ({"content": ["\ud83d"]}, "an unpaired surrogate"),
            ({"content": ["A=b\nC=d"]}, "line break"),
        ):
            wanted = fixtures.files()
            wanted[0 if "set" in change else 3].update(change)
            self.assertIn(words, self.fails(configure_node, fixtures.manifest(wanted)))
        self.assertEqual(self.everything(), self.before)


if __name__ == "__main__":
    unittest.main()
