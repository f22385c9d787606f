"""Recordings that lie on a node, and what has them when the node is gone."""
