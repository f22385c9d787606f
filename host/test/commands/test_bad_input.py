import fcntl
import json
import os
import random
import unittest
from unittest import mock

import yaml

import fixtures
import support  # noqa: F401
from bbb_cluster.commands.configure_node import configure_node
from bbb_cluster.settings import properties
from bbb_cluster.system import apt, lock
from bbb_cluster.system.lock import Lock
from cluster_node import Node
from fixtures import ETHERPAD, HTML5, NGINX, PROPERTIES
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
            sentence = self.fails(configure_node, fixtures.manifest())
        self.assertRegex(sentence, rf"configure-node \(process {os.getpid()}, since .*\) still holds the lock after 10")
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

    def test_after_a_package_upgrade_the_other_profile_holds_and_its_predecessor_s_keys_return(self):
        new = fixtures.files()[:3]
        new[0]["set"] = {"defaultHTML5ClientUrl": "https://bbb.example.com/bbb-01/html5client/"}
        wanted = fixtures.manifest()
        wanted["profiles"] = [
            {"from": "3.0.28", "before": "3.0.37", "files": fixtures.files()},
            {"from": "3.0.37", "before": None, "files": new},
        ]
        configure_node(wanted)
        self.put(fixtures.RELEASE, "BIGBLUEBUTTON_RELEASE=3.0.38\n")
        result = configure_node(wanted)
        self.assertEqual((result["release"], result["profile"]), ("3.0.38", "3.0.37 up to any"))
        base = properties.value_of(self.get(PROPERTIES).decode(), "presentationBaseURL")
        self.assertEqual(base, "https://old.example.com/bigbluebutton/presentation")
        self.assertEqual((self.get(NGINX), self.get(ETHERPAD)), (None, None))
        self.put(fixtures.RELEASE, "BIGBLUEBUTTON_RELEASE=4.0.0\n")
        self.assertIn("4.0.0 is installed here, wanted is 3.0: replace", self.fails(configure_node, wanted))


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
            ({"set": {"a": "\ud83d"}}, "half a character"),
            ({"set": {"\ud83d": "a"}}, "half a character"),
            ({"set": {"a": float("nan")}}, "a number that is none"),
            ({"set": {"": "a"}}, "an empty key"),
            ({"set": {"a": {"b": 1}}}, "must be a text, a number, true or false"),
            ({"format": "text", "content": ["\ud83d"]}, "half a character"),
            ({"format": "env", "content": ["A=b\nC=d"]}, "line break"),
        ):
            wanted = fixtures.files()
            wanted[0].update(change)
            self.assertIn(words, self.fails(configure_node, fixtures.manifest(wanted)))
        self.assertEqual(self.everything(), self.before)


if __name__ == "__main__":
    unittest.main()
