import unittest

import support  # noqa: F401
from bbb_cluster.settings import yaml_settings
from bbb_cluster.system.failure import Failure
from fixtures import HTML5_TEXT


def put(text, key="p.a", value="x"):
    return yaml_settings.put(text, key, value, {})[0]


class Placing(unittest.TestCase):
    def test_maps_that_are_missing_are_made_in_the_file_s_own_shape(self):
        for text, expected in (
            ("", "p:\n  a: x\n"),
            ("# only a remark", "# only a remark\np:\n  a: x\n"),
            ("---\n# remark\n", "---\n# remark\np:\n  a: x\n"),
            ("null\n", "\np:\n  a: x\n"),
            ("{}\n", '{p: {a: "x"}}\n'),
            ("q:\n    b: 1\n", "q:\n    b: 1\np:\n    a: x\n"),
            ("q: 1\r\n", "q: 1\r\np:\r\n  a: x\r\n"),
            ("q: 1", "q: 1\np:\n  a: x\n"),
            ("\ufeffq: 1\n", "\ufeffq: 1\np:\n  a: x\n"),
            ("q: |\n  text\n\n# end\n", "q: |\n  text\np:\n  a: x\n\n# end\n"),
            ("q: |+\n  text\n\n", "q: |+\n  text\n\np:\n  a: x\n"),
            ("q: 1\n...\n", "q: 1\np:\n  a: x\n...\n"),
        ):
            with self.subTest(text=text):
                self.assertEqual(put(text), expected)

    def test_a_new_key_joins_its_map(self):
        for text, expected in (
            ("p:\n  b: 1 # one\nq: 2\n", "p:\n  b: 1 # one\n  a: x\nq: 2\n"),
            ("p:\n      b:\n       - 1\nq: 2\n", "p:\n      b:\n       - 1\n      a: x\nq: 2\n"),
            ("p: # none yet\nq: 2\n", "p: # none yet\n  a: x\nq: 2\n"),
            ("p: ~ # none\nq: 2\n", "p: # none\n  a: x\nq: 2\n"),
            ("p: {b: 1}\n", 'p: {b: 1, a: "x"}\n'),
            ("p: {}\n", 'p: {a: "x"}\n'),
            ("p: {\n  b: 1, # one\n}\n", 'p: {\n  b: 1, a: "x", # one\n}\n'),
            ("{q: 1, p: }\n", '{q: 1, p: {a: "x"} }\n'),
            ("\"p\" :\n  'b': 1\n", "\"p\" :\n  'b': 1\n  a: x\n"),
            ("p: &x\n  b: 1\nq: 2\n", "p: &x\n  b: 1\n  a: x\nq: 2\n"),
            ("--- !!map\n? p\n: !!map\n  b: 1\n", "--- !!map\n? p\n: !!map\n  b: 1\n  a: x\n"),
            ("--- &x\nq: 2\n", "--- &x\nq: 2\np:\n  a: x\n"),
            ("p:\n  b: 1\np:\n  c: 1\n", "p:\n  b: 1\np:\n  c: 1\n  a: x\n"),
        ):
            with self.subTest(text=text):
                self.assertEqual(put(text), expected)

    def test_a_value_is_replaced_where_it_stands(self):
        for text, expected in (
            ("p:\n  a: 1   # one\n  b: 2\n", "p:\n  a: x   # one\n  b: 2\n"),
            ("p:\n  a:    'old'\n", "p:\n  a:    x\n"),
            ("p:\n  a:\n  b: 2\n", "p:\n  a: x\n  b: 2\n"),
            ("p: {a: 1, b: 2}\n", 'p: {a: "x", b: 2}\n'),
            ("p:\n  a:\n    - 1\n    - 2 # two\n  b: 2\n", "p:\n  a: x # two\n  b: 2\n"),
            ("p:\n  a: |\n    text\n    more\n  b: 2\n", "p:\n  a: x\n  b: 2\n"),
            ("p:\n  a: several\n    lines\n  b: 2\n", "p:\n  a: x\n  b: 2\n"),
            ("p:\n  a: 1\n  a: 2\n", "p:\n  a: 1\n  a: x\n"),
        ):
            with self.subTest(text=text):
                new, before = yaml_settings.put(text, "p.a", "x", {})
                self.assertEqual(new, expected)
                self.assertEqual(yaml_settings.revert(new, "p.a", before, {}), text)

    def test_values_are_quoted_when_a_reader_might_take_them_for_something_else(self):
        for value, expected in (
            ("/bbb-01/html5client", "/bbb-01/html5client"),
            ("https://bbb-01.example.com/pad", "https://bbb-01.example.com/pad"),
            ("no", '"no"'),
            ("12", '"12"'),
            ("", '""'),
            ("a: b", '"a: b"'),
            ("a #b", '"a #b"'),
            ('q"\\\n', '"q\\"\\\\\\n"'),
            (True, "true"),
            (None, "null"),
            (3, "3"),
            (1.5, "1.5"),
            (["a", {"b": False}], '["a", {"b": false}]'),
        ):
            with self.subTest(value=value):
                self.assertEqual(put("", "k", value), f"k: {expected}\n")
                self.assertTrue(yaml_settings.holds(put("", "k", value), "k", value))

    def test_a_real_override_file_keeps_every_other_byte(self):
        text = put(put(HTML5_TEXT, "public.app.basename", "/bbb-01/html5client"), "public.kurento.wsUrl", "wss://new")
        expected = HTML5_TEXT.replace("a=b#c'\n", "a=b#c'\n    basename: /bbb-01/html5client\n")
        expected = expected.replace("wss://old.example.com/bbb-webrtc-sfu", "wss://new")
        self.assertEqual(text, expected)


class Refusing(unittest.TestCase):
    def test_what_cannot_be_merged_is_refused_in_one_sentence(self):
        for text, message in (
            ("a: b: c\n", "not valid YAML, line 1: mapping values are not allowed here"),
            ("a:\n\t- 1\n", "line 2"),
            ("- a\n", "expected a map of settings at the top"),
            ("just words\n", "expected a map of settings at the top"),
            ("p: 1\n---\np: 2\n", "another document"),
            ("p: word\n", "expected a map at `p`, got a list or a single value"),
            ("o: &x {b: 1}\np: *x\n", "line 2: `p.a` lies in a part that an anchor shares"),
            ("p: &x\n  b: 1\no: *x\n", "line 1: `p.a` lies in a part that an anchor shares"),
            ("a: \udcff\n", "not valid YAML"),
            ("{p}\n", "key without a colon"),
        ):
            with self.subTest(text=text), self.assertRaises(Failure) as raised:
                put(text)
            self.assertIn(message, str(raised.exception))


if __name__ == "__main__":
    unittest.main()
