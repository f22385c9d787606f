"""Oracle: Python's own JSON reader, which differs from JSON.parse only in NaN and Infinity."""

import json
import random
import unittest

import support  # noqa: F401
from bbb_cluster.settings import json_settings, merge
from bbb_cluster.system.failure import Failure
from drifting_node import Drifting
from fixtures import ETHERPAD, manifest
from generators import json_text
from programs import configure_node

OWN = '{\n  "loglevel": "DEBUG",\n  "maxAge": 60\n}\n'


class Reading(unittest.TestCase):
    def test_every_file_is_read_as_json_reads_it(self):
        for seed in range(300):
            text = json_text(random.Random(seed))
            if text.strip():
                with self.subTest(seed=seed, text=text):
                    found = {member.name: member.value for member in json_settings.parse(text).members}
                    self.assertEqual(found, json.loads(text))

    def test_what_is_not_json_is_refused_with_its_line(self):
        for text, message in (
            ('{"a": 1,}', 'line 1: expected `"`'),
            ('{\n  "a": 1\n  "b": 2\n}', "line 3: expected `,`"),
            ('{"a" 1}', "line 1: expected `:`"),
            ("{a: 1}", 'line 1: expected `"`'),
            ('// remark\n{"a": 1}', "line 1: expected `{`"),
            ("[]", "line 1: expected `{`"),
            ('{"a": 1', "line 1: expected `,`"),
            ('{"a": NaN}', "NaN is no number"),
            ('{"a": "\n"}', "line 1: Invalid control character"),
            ('{"a": 1}\n}', "line 2: there is something behind the object"),
            ('{"a": ' + "[" * 100000, "not valid JSON"),
        ):
            with self.subTest(text=text[:40]), self.assertRaises(Failure) as raised:
                json_settings.parse(text)
            self.assertIn(message, str(raised.exception))


class Setting(unittest.TestCase):
    def test_a_key_joins_in_the_file_s_own_layout(self):
        for text, expected in (
            ("", '{\n  "k": ["x"]\n}\n'),
            ("{}", '{"k": ["x"]}'),
            ("{\n}\n", '{\n  "k": ["x"]\n}\n'),
            ('{"a": 1}', '{"a": 1, "k": ["x"]}'),
            ('{"a":1,"b":2}', '{"a":1,"b":2, "k": ["x"]}'),
            ('{\r\n\t"a": 1\r\n}', '{\r\n\t"a": 1,\r\n\t"k": ["x"]\r\n}'),
            ('{"k" : [1, 2] , "a": 1}', '{"k" : ["x"] , "a": 1}'),
            ('{"k": 1, "k": 2}', '{"k": 1, "k": ["x"]}'),
        ):
            with self.subTest(text=text):
                self.assertEqual(json_settings.put(text, "k", ["x"], {})[0], expected)

    def test_a_number_is_no_truth_value(self):
        self.assertFalse(json_settings.holds('{"a": 1}', "a", True))
        self.assertFalse(json_settings.holds('{"a": 0}', "a", False))
        self.assertTrue(json_settings.holds('{"a": {"y": 1, "x": 2}}', "a", {"x": 2, "y": 1}))


class Etherpad(Drifting):
    def test_own_keys_of_the_administrator_stay_and_come_back_byte_for_byte(self):
        for text in (OWN, OWN.strip(), '{"cluster_proxies":["https://other.example.com"],"x":{}}'):
            configure_node(manifest([]))
            self.put(ETHERPAD, text, 0o640)
            configure_node(manifest(repair=text))
            said = json.loads(self.get(ETHERPAD))
            self.assertEqual(said, {**json.loads(text), "cluster_proxies": ["https://bbb.example.com"]})
            self.assertEqual((self.mode(ETHERPAD), self.findings()), (0o640, []))
            configure_node(manifest([]))
            self.assertEqual(self.get(ETHERPAD), text.encode())

    def test_a_file_that_was_absent_is_absent_again(self):
        configure_node(manifest([]))
        self.assertIsNone(self.get(ETHERPAD))

    def test_an_edit_beside_ours_stays_and_ours_is_repaired(self):
        self.edit(
            ETHERPAD,
            '{\n  "cluster_proxies": ["https://bbb',
            '{\n  "loglevel": "DEBUG",\n  "cluster_proxies": ["http://bbb',
        )
        self.assertEqual([finding["key"] for finding in self.findings()], ["cluster_proxies"])
        self.assertEqual(self.repairs(), ["etherpad"])
        configure_node(manifest([]))
        self.assertEqual(json.loads(self.get(ETHERPAD)), {"loglevel": "DEBUG"})

    def test_a_broken_file_is_refused_with_its_line(self):
        self.put(ETHERPAD, '{"a": 1,\n}')
        self.assertIn(f"{ETHERPAD}: not valid JSON, line 2", self.fails(configure_node, manifest(repair="x")))


class Merging(unittest.TestCase):
    def test_a_key_changed_by_the_administrator_is_left_when_no_longer_ours(self):
        first = merge.merge("json", '{"a": 1}', {"a": 2}, None)
        gone = merge.merge("json", '{"a": 3}', {}, first.record)
        self.assertEqual(gone, merge.Merged('{"a": 3}', None, ["a"]))


if __name__ == "__main__":
    unittest.main()
