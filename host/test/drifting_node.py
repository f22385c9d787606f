"""A node in the cluster, and what `drift` finds on it."""

import fixtures
from cluster_node import Node
from programs import FindsDrift, configure_node


class Drifting(FindsDrift, Node):
    def setUp(self):
        super().setUp()
        configure_node(fixtures.manifest())
        self.said, self.calls = [], []

    def edit(self, path, old, new):
        text = self.get(path).decode()
        self.assertIn(old, text)
        self.put(path, text.replace(old, new), self.mode(path))

    def repairs(self):
        """What the next configuration restarts, and the law that it leaves nothing to find."""
        self.calls = []
        restarted = configure_node(fixtures.manifest(repair="x"))["restarted"]
        self.assertEqual(self.findings(), [])
        return restarted
