import contextlib
import functools
import random
import unittest

import support  # noqa: F401
from bbb_cluster.settings import merge, yaml_document
from bbb_cluster.system.failure import Failure
from generators import (
    env_text,
    json_text,
    properties_text,
    wanted_env,
    wanted_json,
    wanted_properties,
    wanted_settings,
    yaml_text,
)


def with_line(text, line):
    """The text with one more line, as an administrator would add it."""
    return text + line if text[-1:] in ("", "\n", "\r", "\ufeff") else f"{text}\n{line}"


def with_member(text, member):
    """The text with one more member of its object."""
    return text.replace("{", "{" + member + ("," if '"' in text else ""), 1) if "{" in text else "{" + member + "}"


KINDS = {
    "properties": (properties_text, wanted_properties, with_line, "foreign.edit=1\n"),
    "yaml": (yaml_text, wanted_settings, with_line, "zzz_edit: 1\n"),
    "json": (json_text, wanted_json, with_member, '"zzz_edit": 1'),
    "env": (env_text, wanted_env, with_line, "ZZZ_EDIT=1\n"),
}
RUNS = {"properties": 200, "yaml": 70, "json": 200, "env": 200}
# The share of arbitrary files that must not be refused.
ACCEPTED = {"properties": 0.99, "yaml": 0.6, "json": 1, "env": 0.99}


def seen(module, text, key):
    """What a reader sees for one key."""
    if module is not merge.FORMATS["yaml"]:
        return module.shown(text, key)
    path = key.split(".")
    steps = yaml_document.parse(text).steps(path)
    return yaml_document.tree(steps[-1].value) if len(steps) == len(path) else "absent"


@functools.cache
def accepted(kind):
    """Arbitrary files that can be merged: seed, file, settings, what it became with them, and other ones."""
    text, wanted, _, _ = KINDS[kind]
    found = []
    for seed in range(RUNS[kind]):
        source = random.Random(seed)
        current, settings = text(source), wanted(source)
        with contextlib.suppress(Failure):
            found.append((seed, current, settings, merge.merge(kind, current, settings, None), wanted(source)))
    return found


class Laws(unittest.TestCase):
    """Laws of the merge for arbitrary files; a file that cannot be merged is refused, never harmed."""

    def each(self, law):
        for kind, (_, _, insert, line) in KINDS.items():
            for seed, current, settings, first, other in accepted(kind):
                with self.subTest(kind=kind, seed=seed):
                    law(kind, current, settings, first, other, lambda text: insert(text, line))  # noqa: B023

    def test_few_files_are_refused(self):
        for kind in KINDS:
            self.assertGreaterEqual(len(accepted(kind)), RUNS[kind] * ACCEPTED[kind], kind)

    def test_every_wanted_setting_is_seen_by_a_reader(self):
        def law(kind, _stands, settings, first, _other, _edit):
            for key, value in settings.items():
                self.assertTrue(merge.FORMATS[kind].holds(first.text, key, value), key)

        self.each(law)

    def test_foreign_settings_never_change(self):
        def law(kind, current, settings, first, _other, _edit):
            ours, foreign = set(settings), merge.FORMATS[kind].foreign
            self.assertEqual(foreign(current, ours), foreign(first.text, ours))

        self.each(law)

    def test_applying_twice_is_applying_once(self):
        def law(kind, _stands, settings, first, _other, _edit):
            self.assertEqual(merge.merge(kind, first.text, settings, first.record), first)
            self.assertEqual(merge.merge(kind, first.text, settings, None).text, first.text)

        self.each(law)

    def test_withdrawing_gives_the_original_bytes(self):
        def law(kind, current, _settings, first, _other, _edit):
            self.assertEqual(merge.merge(kind, first.text, {}, first.record), merge.Merged(current, None, []))

        self.each(law)

    def test_other_settings_later_are_the_same_as_other_settings_at_once(self):
        def law(kind, current, _settings, first, other, _edit):
            try:
                at_once = merge.merge(kind, current, other, None)
            except Failure:
                return
            later = merge.merge(kind, first.text, other, first.record)
            self.assertEqual(later.text, at_once.text)
            self.assertEqual(merge.merge(kind, later.text, {}, later.record).text, current)

        self.each(law)

    def test_an_edit_by_someone_else_survives_and_withdrawing_still_undoes_ours(self):
        def law(kind, current, settings, first, _other, edit):
            module, ours = merge.FORMATS[kind], set(settings)
            try:
                edited = edit(first.text)
                said = module.foreign(edited, ours)
            except Failure:
                return
            if any(seen(module, edited, key) != seen(module, first.text, key) for key in ours):
                return  # The last line was ours and ended in a backslash: this is an edit of ours.
            again = merge.merge(kind, edited, settings, first.record)
            self.assertEqual(again.text, edited)
            gone = merge.merge(kind, edited, {}, again.record)
            self.assertEqual(gone.kept, [])
            self.assertEqual(module.foreign(gone.text, ours), said)
            # A text block at the very end says one line break more as soon as anything follows it.
            original = with_line(current, "") if kind == "yaml" else current
            for key in settings:
                self.assertEqual(seen(module, gone.text, key), seen(module, original, key), key)

        self.each(law)


class ThreeWays(unittest.TestCase):
    def test_a_key_changed_by_the_administrator_is_left_when_no_longer_ours(self):
        for kind, before, changed in (
            ("properties", "a=1\nb=2\n", "a=theirs\nb=2\n"),
            ("yaml", "a: 1\nb: 2\n", "a: theirs\nb: 2\n"),
        ):
            first = merge.merge(kind, before, {"a": "ours"}, None)
            gone = merge.merge(kind, changed, {}, first.record)
            self.assertEqual(gone, merge.Merged(changed, None, ["a"]))

    def test_a_key_that_was_not_there_before_and_is_not_there_now_is_no_news(self):
        for kind, before in (("properties", "b=2\n"), ("yaml", "b: 2\n")):
            first = merge.merge(kind, before, {"a": "ours", "c": "ours"}, None)
            changed = before + ("c=ours\n" if kind == "properties" else "c: ours\n")
            self.assertEqual(merge.merge(kind, changed, {}, first.record), merge.Merged(before, None, []))

    def test_a_key_that_is_still_ours_is_repaired_and_its_first_value_is_not_forgotten(self):
        first = merge.merge("properties", "a=1\nb=2\n", {"a": "ours"}, None)
        repaired = merge.merge("properties", "b=2\nc=3\n", {"a": "ours"}, first.record)
        self.assertEqual(repaired.text, "b=2\nc=3\na=ours\n")
        self.assertEqual(merge.merge("properties", repaired.text, {}, repaired.record).text, "b=2\nc=3\na=1\n")

    def test_a_file_that_only_we_filled_goes_with_our_last_key(self):
        for kind in KINDS:
            first = merge.merge(kind, None, {"a": "1"}, None)
            self.assertEqual(merge.merge(kind, first.text, {}, first.record), merge.Merged(None, None, []))
            touched = merge.merge(kind, first.text + "\n", {}, first.record)
            self.assertEqual((touched.text, touched.record), (None, None), kind)

    def test_what_was_left_of_an_empty_object_is_as_it_was(self):
        for before in ("{}", "{ }\n", "{\n}\n", "", "\n"):
            first = merge.merge("json", before, {"a": [1], "b": 2}, None)
            gone = merge.merge("json", "\n" + first.text, {}, first.record)
            self.assertEqual(gone.text.strip(), before.strip(), before)

    def test_a_file_that_we_made_stays_when_others_wrote_to_it(self):
        first = merge.merge("yaml", None, {"a.b": "1"}, None)
        gone = merge.merge("yaml", first.text + "c: 2\n", {}, first.record)
        self.assertEqual(gone.text, "c: 2\n")

    def test_keys_of_one_map_may_leave_one_after_the_other(self):
        text = "z: 1\n"
        first = merge.merge("yaml", text, {"p.q.a": 1, "p.q.b": 2, "p.c": 3}, None)
        edited = first.text + "y: 2\n"
        second = merge.merge("yaml", edited, {"p.q.b": 2}, first.record)
        self.assertEqual(second.text, "z: 1\np:\n  q:\n    b: 2\ny: 2\n")
        self.assertEqual(merge.merge("yaml", second.text + "x: 3\n", {}, second.record).text, "z: 1\ny: 2\nx: 3\n")

    def test_a_value_that_was_wanted_already_stays_when_it_is_withdrawn(self):
        first = merge.merge("yaml", "a: 'x' # theirs\n", {"a": "x"}, None)
        self.assertEqual(first.text, "a: 'x' # theirs\n")
        self.assertEqual(
            merge.merge("yaml", "a: 'x' # theirs\nb: 1\n", {}, first.record).text, "a: 'x' # theirs\nb: 1\n"
        )


if __name__ == "__main__":
    unittest.main()
