import json
import unittest

import fixtures
import support  # noqa: F401
from bbb_cluster.settings import records, secret_overrides, transaction
from bbb_cluster.settings.secret_overrides import KEPT
from cluster_node import Node
from fixtures import HTML5, PROPERTIES
from programs import configure_node, drift, keep_secrets
from support import Result

VALUE = "TOP-SECRET-VALUE"
OTHER = "ANOTHER-SECRET"


def request(value=VALUE, digest="a" * 64):
    """Two secrets, in a file of each format."""
    files = [
        {"path": PROPERTIES, "settings": [{"key": "someSharedSecret", "value": value}]},
        {"path": HTML5, "settings": [{"key": "private.hook.keys", "value": [value, 123456]}]},
    ]
    return {"digest": digest, "repair": "", "files": files}


class Secrets(Node):
    def setUp(self):
        super().setUp()
        keep_secrets(request())

    def configure(self, digest="a" * 64, **changes):
        return configure_node(fixtures.manifest(secretOverrides=digest, **changes))

    def everywhere_but(self, *paths):
        """Everything on the machine but these files, and all that was said, as one text."""
        files = [content for path, (content, _) in self.everything("").items() if path not in paths]
        return b"\n".join(files).decode("utf-8", "replace") + "\n".join(self.said)

    def test_are_kept_for_root_alone_until_they_are_put_in_force(self):
        self.assertEqual(self.mode(KEPT), 0o600)
        self.assertEqual(self.everywhere_but(KEPT).count(VALUE), 0)
        self.configure()
        self.assertIn(f"someSharedSecret={VALUE}\n".encode(), self.get(PROPERTIES))
        self.assertIn(VALUE.encode(), self.get(HTML5))
        self.assertEqual(self.everywhere_but(KEPT, records.RECORDS, PROPERTIES, HTML5).count(VALUE), 0)
        self.assertEqual(self.mode(records.RECORDS), 0o600)
        self.assertIsNone(self.get(transaction.JOURNAL))

    def test_neither_answer_shows_them_nor_anything_to_try_them_out_with(self):
        answer = keep_secrets(request(OTHER, "b" * 64))
        self.assertEqual(answer, {"digest": "b" * 64, "changed": True})
        self.assertNotIn(OTHER, json.dumps(self.configure("b" * 64)))
        self.assertNotIn("keep-secrets", json.dumps(drift()["requests"]))

    def test_that_changed_are_put_in_force_by_the_next_request(self):
        self.configure()
        keep_secrets(request(OTHER, "b" * 64))
        self.assertEqual(self.configure("b" * 64)["changed"], [PROPERTIES, HTML5])
        self.assertIn(OTHER.encode(), self.get(PROPERTIES))
        self.assertEqual(self.configure("b" * 64)["changed"], [])

    def test_that_are_no_longer_wanted_go_without_a_trace(self):
        self.configure()
        configure_node(fixtures.manifest())
        self.assertEqual(self.everywhere_but().count(VALUE), 0)
        self.assertIsNone(self.get(KEPT))

    def test_leave_with_the_node(self):
        self.configure()
        configure_node(fixtures.manifest([]))
        self.assertEqual(self.everything(), self.before)
        self.assertIsNone(self.get(KEPT))

    def test_other_than_the_wanted_ones_are_not_put_in_force(self):
        self.assertIn("does not hold the secret settings that are wanted", self.fails(self.configure, "b" * 64))
        self.put(KEPT, "{")
        self.assertIn("run `npm run drift`, then `pulumi up`", self.fails(self.configure))
        self.assertEqual(self.everything(), self.before)

    def test_that_a_service_repeats_when_it_does_not_start_are_taken_out(self):
        self.on("nginx -t", Result(1, "", f"nginx: [emerg] unknown directive {VALUE} and 123456"))
        message = self.fails(self.configure)
        self.assertNotIn(VALUE, "\n".join(self.said))
        self.assertIn("unknown directive *** and ***", "\n".join(self.said))
        self.assertNotIn(VALUE, secret_overrides.progress.clean(message))

    def test_for_a_file_that_is_not_wanted_are_refused(self):
        message = self.fails(lambda: self.configure(files=fixtures.rows(fixtures.files()[1:])))
        self.assertIn(f"{PROPERTIES}: there are settings for it", message)

    def test_that_no_file_can_hold_are_refused_without_their_value(self):
        keep_secrets({**request(), "files": [{"path": PROPERTIES, "settings": [{"key": "a", "value": [VALUE]}]}]})
        self.assertEqual(self.fails(self.configure), f"{PROPERTIES}: `a` must be a text, a number, true or false")

    def test_in_another_shape_are_refused(self):
        for wrong, words in (
            ({"files": [[]]}, "a file of the request must be an object"),
            ({"files": [{"path": PROPERTIES}]}, "the request has no `settings`"),
            ({"files": [{"path": PROPERTIES, "settings": [VALUE]}]}, "a setting of the request must be an object"),
            ({"digest": None}, "the request has no `digest`"),
            ({"values": {}}, "`values` is not a known key"),
        ):
            message = self.fails(keep_secrets, {**request(), **wrong})
            self.assertIn(words, message)
            self.assertNotIn(VALUE, message)


class Drift(Node):
    def setUp(self):
        super().setUp()
        keep_secrets(request())
        configure_node(fixtures.manifest(secretOverrides="a" * 64))
        self.said = []

    def findings(self):
        found = drift()["findings"]
        self.assertNotIn("SECRET", json.dumps(found) + "\n".join(self.said))
        return found

    def test_of_a_secret_is_found_without_its_values(self):
        self.put(PROPERTIES, self.get(PROPERTIES).decode().replace(VALUE, "EDITED-SECRET"), 0o640)
        self.put(HTML5, self.get(HTML5).decode().replace(VALUE, "x"))
        self.assertEqual(
            self.findings(),
            [
                {"path": PROPERTIES, "state": "changed", "key": "someSharedSecret"},
                {"path": HTML5, "state": "changed", "key": "private.hook.keys"},
            ],
        )

    def test_of_what_is_kept_is_found(self):
        self.assertEqual(self.findings(), [])
        for content in (None, "{}", json.dumps({"digest": "b" * 64, "files": request(OTHER)["files"]})):
            secret_overrides.forget() if content is None else self.put(KEPT, content)
            self.assertEqual(self.findings(), [{"path": KEPT, "state": "changed"}])


if __name__ == "__main__":
    unittest.main()
