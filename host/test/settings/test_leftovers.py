"""After a kill at any moment, the next run leaves nothing behind: no copy of a secret file, no folder."""

import contextlib
import os
import shutil
import unittest
from unittest import mock

import fixtures
import support  # noqa: F401
from cluster_node import Node
from programs import add_route, configure_node, remove_route
from routes import Routes
from routes import request as route_request

# Everything that changes a file system.
CALLS = ["replace", "unlink", "open", "mkdir", "makedirs", "rmdir", "symlink"]
STATE = "/var/lib/bbb-cluster"


def killed(moment, run):
    """Runs until the call of that number, and says whether it got there."""
    count = [0]

    def step(do):
        def counted(*arguments, **named):
            count[0] += 1
            if count[0] == moment:
                raise SystemExit(137)
            return do(*arguments, **named)

        return counted

    with contextlib.ExitStack() as patches:
        for name in CALLS:
            patches.enter_context(mock.patch(f"os.{name}", step(getattr(os, name))))
        try:
            run()
        except SystemExit:
            return True
    return False


class Leaving:
    def left(self):
        """All folders, and all files of state, but for what is there for good."""
        folders, files = set(), set()
        for folder, names, found in os.walk(self.root):
            folders |= {"/" + os.path.relpath(os.path.join(folder, name), self.root) for name in names}
            files |= {"/" + os.path.relpath(os.path.join(folder, name), self.root) for name in found}
        return {folder for folder in folders if not folder.startswith(STATE)}, files

    def law(self, run, next_run, lasting):
        state = f"{self.root}.before"
        shutil.copytree(self.root, state)
        self.addCleanup(shutil.rmtree, state)
        next_run()
        expected, moment = self.left(), 1
        while True:
            shutil.rmtree(self.root)
            shutil.copytree(state, self.root)
            if not killed(moment, run):
                break
            next_run()
            with self.subTest(moment=moment):
                folders, files = self.left()
                self.assertEqual(folders, expected[0])
                self.assertEqual(files - expected[1], set(lasting) & files)
            moment += 1
        self.assertGreater(moment, 20)


class OnANode(Leaving, Node):
    def test_a_node_that_is_to_have_nothing_has_nothing(self):
        self.law(
            lambda: configure_node(fixtures.manifest()),
            lambda: configure_node(fixtures.manifest([])),
            [],
        )

    def test_a_node_that_is_to_have_other_things_has_only_those(self):
        configure_node(fixtures.manifest())
        self.law(
            lambda: configure_node(fixtures.manifest([])),
            lambda: configure_node(fixtures.manifest(fixtures.files()[:2])),
            [],
        )


class OnAProxy(Leaving, Routes):
    def test_a_route_that_is_to_go_is_gone(self):
        for folder in ("routes", "upstreams"):
            os.makedirs(f"{self.root}/etc/nginx/bbb-cluster/{folder}")
        self.law(lambda: add_route(route_request()), lambda: remove_route(route_request()), [f"{STATE}/requests.json"])


if __name__ == "__main__":
    unittest.main()
