import os
import unittest
from unittest import mock

import support  # noqa: F401
from bbb_cluster.settings import transaction
from bbb_cluster.system import files, paths
from support import Machine


class Recovering(Machine):
    def test_what_a_program_without_the_lock_is_writing_arrives_while_another_recovers(self):
        replace = os.replace

        def meanwhile(*arguments):
            transaction.recover()
            replace(*arguments)

        for name in ("load-balancer.json", "hand-over.json", "members/bbb-01.json"):
            with self.subTest(name=name), mock.patch.object(os, "replace", meanwhile):
                self.assertTrue(files.ensure(f"{paths.STATE}/{name}", b"{}", 0o600))
                self.assertEqual(self.get(f"{paths.STATE}/{name}"), b"{}")

    def test_what_killed_writes_have_left_of_secrets_is_taken_away(self):
        for path in (".journal.json", ".records.json", ".secret-overrides.json", "routes/.bbb-01.json"):
            self.put(f"{paths.STATE}/{path}.bbb-cluster-new", "s3cr3t")
        transaction.recover()
        self.assertEqual(self.everything(without=""), {})


if __name__ == "__main__":
    unittest.main()
