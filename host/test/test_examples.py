"""Values of the stack's configuration that both sides accept, or both refuse: test/config reads the same examples."""

import json
import os
import unittest

from test_contract import CONTRACT, requests

import support  # noqa: F401
from bbb_cluster.bigbluebutton import installation
from bbb_cluster.settings import manifest, merge
from bbb_cluster.system.failure import Failure
from bbb_cluster.tls import ca_certificates


def leaves(tree, prefix=""):
    """A tree as rows, as the plan sends it."""
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from leaves(value, f"{prefix}{key}.")
        else:
            yield {"key": prefix + key, "value": value}


def settings(file_format, rows):
    file = {"path": "/etc/bigbluebutton/file", "format": file_format, "settings": rows, "restart": []}
    wanted = manifest.for_release(manifest.parse([file]), "3.0.30")[0].settings
    # A file that does not say what was put into it ends in a Failure.
    merge.merge(file_format, "a_key_of_others: 1\n", wanted, None)


def installer(sha256):
    sent = next(sent for _, command, sent in requests() if command == "configure-node")
    return installation.parse({**sent, "installer": {**sent["installer"], "sha256": sha256}})


READERS = {
    "bbbWebProperties": lambda tree: settings("properties", [{"key": key, "value": tree[key]} for key in tree]),
    "bbbHtml5": lambda tree: settings("yaml", list(leaves(tree))),
    "extraCaCertificates": ca_certificates.certificates,
    "installer.sha256": installer,
}


class Examples(unittest.TestCase):
    def test_each_is_accepted_or_refused_as_the_configuration_does(self):
        with open(os.path.join(CONTRACT, "examples", "values.json"), encoding="utf-8") as file:
            examples = json.load(file)
        for key, value, verdict in examples:
            with self.subTest(key=key, value=value):
                try:
                    READERS[key](value)
                    said = "accepted"
                except Failure as error:
                    said = "refused"
                    self.assertNotIn("internal error", str(error))
                self.assertEqual(said, verdict)


if __name__ == "__main__":
    unittest.main()
