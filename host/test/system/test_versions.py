import json
import os
import shutil
import subprocess
import sys
import unittest

import compiled

import support  # noqa: F401
from bbb_cluster.system import paths, versions
from support import Machine

NOTHING = b'{"node": "bbb-01", "nodeServerId": 1}'


class Versions(Machine):
    """Versions of the programs as machines have them, and commands that find nothing to do."""

    def copy(self, version, copied_at):
        folder = paths.on_host(f"{versions.FOLDER}/{version}")
        shutil.copytree(compiled.programs(), os.path.join(folder, "bbb_cluster"))
        os.utime(folder, (copied_at, copied_at))

    def run_version(self, version, command="remove-route", request=NOTHING):
        program = paths.on_host(f"{versions.FOLDER}/{version}/bbb_cluster")
        return subprocess.run(
            [sys.executable, "-B", program, command], input=request, capture_output=True, timeout=20, check=False
        )

    def there(self):
        return sorted(os.listdir(paths.on_host(versions.FOLDER)))

    def leads_to(self):
        return self.get(versions.ENTRY).decode().split("/bbb-cluster/")[1].split("/")[0]

    def test_the_entry_leads_to_the_version_that_ran_last(self):
        for number, version in enumerate(("a1", "b2")):
            self.copy(version, number)
            self.assertEqual(self.run_version(version).returncode, 0)
            script = f'#!/bin/sh\nexec python3 -B /opt/bbb-cluster/{version}/bbb_cluster "$@"\n'
            self.assertEqual((self.get(versions.ENTRY).decode(), self.mode(versions.ENTRY)), (script, 0o755))

    def test_older_versions_are_removed(self):
        for number, version in enumerate(("a1", "b2", "c3")):
            self.copy(version, number)
        self.run_version("c3")
        self.assertEqual(self.there(), ["c3"])

    def test_a_version_that_was_copied_while_an_older_one_still_runs_stays(self):
        self.copy("old", 1)
        self.copy("new", 2)
        self.run_version("old")
        self.assertEqual(self.there(), ["new", "old"])
        self.run_version("new")
        self.assertEqual((self.there(), self.leads_to()), (["new"], "new"))

    def test_a_version_that_returns_is_the_youngest(self):
        for copied_at, version in enumerate(("a1", "b2", "a1")):
            self.copy(version, copied_at)
            self.run_version(version)
            self.assertEqual((self.there(), self.leads_to()), ([version], version))

    def test_the_entry_leads_on_even_when_the_command_fails(self):
        self.copy("a1", 1)
        self.assertEqual(self.run_version("a1", request=b"{}").returncode, 1)
        self.assertEqual(self.leads_to(), "a1")

    def test_looking_for_drift_leaves_entry_and_versions_alone(self):
        self.copy("a1", 1)
        self.copy("b2", 2)
        result = self.run_version("b2", "drift", b"")
        self.assertEqual((json.loads(result.stdout)["findings"], self.there()), ([], ["a1", "b2"]))
        self.assertIsNone(self.get(versions.ENTRY))

    def test_programs_that_run_from_elsewhere_leave_machines_alone(self):
        self.copy("a1", 1)
        command = [sys.executable, "-B", compiled.programs(), "remove-route"]
        subprocess.run(command, input=NOTHING, capture_output=True, check=True)
        self.assertEqual((self.there(), self.get(versions.ENTRY)), (["a1"], None))


if __name__ == "__main__":
    unittest.main()
