"""
What readers of YAML 1.2 accept is merged; what they see is the oracle. The table of tabs was made with the `yaml`
package of npm (2.8), which refuses what is refused here; for empty maps and merge keys the oracle is PyYAML's.
"""

import unittest

import yaml

import support  # noqa: F401
from bbb_cluster.settings import merge, yaml_document, yaml_settings
from bbb_cluster.system.failure import Failure

CASE_18 = "public:\n  app:\t# mine\n    clientTitle: School\t\n"
EMPTY = ["p: {}\n", "p: { }\n", "p:\n", "p: null\n", "p: ~ # none\n", "p: # none\n", "p: {a: {}}\n", "p:\n  a:\n"]
EMPTY += ["p:\n  a: {}\n", "q: 1\n", "{}\n", "{p: }\n", "{p: {}}\n", "p: {b: 1}\n", "p:\n  b: 1\n"]


def said(text):
    """What stands in a document, with every scalar as its text."""
    return plain(yaml_document.tree(yaml_document.parse(text).root))


def plain(tree):
    if isinstance(tree, dict):
        return {key: plain(value) for key, value in tree.items()}
    if isinstance(tree, list):
        return [plain(item) for item in tree]
    return tree[1] if isinstance(tree, tuple) else tree


class Tabs(unittest.TestCase):
    def test_a_tab_separates_as_a_blank_does(self):
        for text, expected in (
            (CASE_18, {"public": {"app": {"clientTitle": "School"}}}),
            ("a:\tb\n", {"a": "b"}),
            ("a\t: b\n", {"a": "b"}),
            ("a: b\tc\t \td\n", {"a": "b\tc\t \td"}),
            ("a: 'q'\t# c\nb: \"r\"\t\n", {"a": "q", "b": "r"}),
            ("a: {\tb:\t1\t,\tc: 2\t}\n", {"a": {"b": "1", "c": "2"}}),
            ("a:\n  - b\t\n  -\tc\n", {"a": ["b", "c"]}),
            ("a: |\t# c\n  x\ty\nb: >-\t\n  z\n", {"a": "x\ty\n", "b": "z"}),
            ("a: |2-\t\n   x\n", {"a": " x"}),
            ("a: several\t\n  \tlines\n", {"a": "several lines"}),
            ("a: b\n\t\n\t# remark\nc: d\n", {"a": "b", "c": "d"}),
            ("? a\t\n:\tb\n", {"a": "b"}),
            ("a: {b: c?d, e?: f}\n", {"a": {"b": "c?d", "e?": "f"}}),
        ):
            with self.subTest(text=text):
                self.assertEqual(said(text), expected)
                first = merge.merge("yaml", text, {"zz.y": "x"}, None)
                self.assertEqual(said(first.text), {**expected, "zz": {"y": "x"}})
                self.assertEqual(merge.merge("yaml", first.text, {}, first.record).text, text)

    def test_a_tab_that_indents_is_refused_with_its_line(self):
        for text, line in (
            ("a:\n\tb: c\n", 2),
            ("a:\n  b: c\n\td: e\n", 3),
            ("a:\n -\tb: c\n   d: e\n", 2),
            ("a: |\n\tx\n", 2),
            ("a:\n\t- b\n", 2),
            ("a:\n\tb\n", 2),
        ):
            with self.subTest(text=text), self.assertRaises(Failure) as raised:
                yaml_settings.put(text, "x.y", 1, {})
            self.assertIn(f"not valid YAML, line {line}: ", str(raised.exception))


class Keys(unittest.TestCase):
    def test_explicit_keys_are_keys(self):
        for text, expected in (
            ("? p\n: a: 1\n", "? p\n: a: x\n"),
            ("? p\n: b: 1\n", "? p\n: b: 1\n  a: x\n"),
            ("? q\n: 1\n", "? q\n: 1\np:\n  a: x\n"),
            ("p:\n  ? b\n  : 1\n", "p:\n  ? b\n  : 1\n  a: x\n"),
            ("? [q, r]\n: 1\np:\n  b: 1\n", "? [q, r]\n: 1\np:\n  b: 1\n  a: x\n"),
        ):
            with self.subTest(text=text):
                new, before = yaml_settings.put(text, "p.a", "x", {})
                self.assertEqual(new, expected)
                if before is not None:
                    self.assertEqual(yaml_settings.revert(new, "p.a", before, {}), text)

    def test_a_key_of_ours_that_somebody_spells_out_is_still_taken_back(self):
        first = merge.merge("yaml", "q: 1\n", {"a": "x"}, None)
        self.assertEqual(merge.merge("yaml", "q: 1\n? a\n: x\n", {}, first.record).text, "q: 1\n")


class MergeKeys(unittest.TestCase):
    BASE = "base: &b\n  app: {x: 1}\n  url: old\n"

    def test_a_value_that_a_merge_key_brings_is_overridden_and_comes_back(self):
        text = self.BASE + "public:\n  <<: *b\n"
        first = merge.merge("yaml", text, {"public.url": "new"}, None)
        self.assertEqual(yaml.safe_load(first.text)["public"], {"app": {"x": 1}, "url": "new"})
        edited = first.text + "z: 1\n"
        gone = merge.merge("yaml", edited, {}, first.record)
        self.assertEqual(yaml.safe_load(gone.text), {**yaml.safe_load(text), "z": 1})

    def test_a_map_that_a_merge_key_brings_is_never_hidden_by_one_of_ours(self):
        for public in ("  <<: *b\n", "  <<: [*b]\n", "  <<: {app: {x: 1}}\n", "  <<: &c {<<: *b}\n"):
            text = self.BASE + "public:\n" + public
            with self.subTest(text=text), self.assertRaises(Failure) as raised:
                yaml_settings.put(text, "public.app.basename", "/x", {})
            remedy = "line 5: `public.app` comes from a merge key (`<<`): write `public.app` out, then run again"
            self.assertEqual(str(raised.exception), remedy)

    def test_a_map_that_no_merge_key_brings_is_made(self):
        text = self.BASE + "public:\n  <<: *b\n"
        new = yaml_settings.put(text, "public.media.url", "x", {})[0]
        self.assertEqual(yaml.safe_load(new)["public"], {"app": {"x": 1}, "url": "old", "media": {"url": "x"}})


class Empty(unittest.TestCase):
    def test_what_was_null_is_null_again_and_what_was_an_empty_map_is_one(self):
        wanted = [{"p.a.b": 1}, {"p.a": 1}, {"p.c.d": 1, "p.c.e": 2}, {"p.a.b": 1, "p.c": 2}, {"r.s": 1}]
        for text in EMPTY:
            for settings in wanted:
                with self.subTest(text=text, settings=settings):
                    first = merge.merge("yaml", text, settings, None)
                    edited = "# an edit\n" + first.text
                    again = merge.merge("yaml", edited, settings, first.record)
                    gone = merge.merge("yaml", again.text, {}, again.record)
                    self.assertEqual(yaml.safe_load(gone.text), yaml.safe_load(text))

    def test_an_empty_map_that_somebody_made_of_ours_is_theirs(self):
        for text, theirs in (("q: 1\n", "q: 1\np: {}\n"), ("p:\n", "p: {}\n"), ("p: {}\n", "p:\n"), ("p:\n", "p: ~\n")):
            with self.subTest(text=text, theirs=theirs):
                first = merge.merge("yaml", text, {"p.a": 1}, None)
                again = merge.merge("yaml", theirs, {"p.a": 1}, first.record)
                gone = merge.merge("yaml", again.text + "# an edit\n", {}, again.record)
                self.assertEqual(yaml.safe_load(gone.text), yaml.safe_load(theirs))


if __name__ == "__main__":
    unittest.main()
