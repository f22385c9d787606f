"""A node in the cluster, and what verifying finds on it."""

import fixtures
from bbb_cluster.commands.configure_node import configure_node
from bbb_cluster.commands.drift import verify_node
from cluster_node import Node


class Verifying(Node):
    def setUp(self):
        super().setUp()
        configure_node(fixtures.manifest())
        self.said, self.calls = [], []

    def edit(self, path, old, new):
        text = self.get(path).decode()
        self.assertIn(old, text)
        self.put(path, text.replace(old, new), self.mode(path))

    def findings(self):
        """The findings, and the law that verifying writes nothing."""
        stands = self.everything("")
        result = verify_node({})
        self.assertEqual(self.everything(""), stands)
        self.assertEqual((result["ok"], result["digest"] == ""), (not result["findings"],) * 2)
        return result["findings"]

    def repairs(self):
        """What the next configuration restarts, and the law that it leaves nothing to find."""
        self.calls = []
        restarted = configure_node({**fixtures.manifest(), "repair": "x"})["restarted"]
        self.assertEqual(self.findings(), [])
        return restarted
