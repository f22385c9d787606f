import os
import unittest

import support  # noqa: F401
from bbb_cluster.system import files, paths
from support import Machine


class Ensuring(Machine):
    def test_a_file_is_written_only_when_it_differs_in_content_or_mode(self):
        self.assertTrue(files.ensure("/etc/x", b"a"))
        os.utime(paths.on_host("/etc/x"), ns=(1, 1))
        self.assertFalse(files.ensure("/etc/x", b"a"))
        self.assertEqual(os.stat(paths.on_host("/etc/x")).st_mtime_ns, 1)
        for content, mode in ((b"a", 0o600), (b"b", 0o600), (b"b", 0o755)):
            self.assertTrue(files.ensure("/etc/x", content, mode))
            self.assertEqual((self.get("/etc/x"), self.mode("/etc/x")), (content, mode))
            self.assertFalse(files.ensure("/etc/x", content, mode))


class ReadingJson(Machine):
    def test_what_is_no_object_is_read_as_an_empty_one(self):
        self.assertEqual(files.read_json("/etc/x"), {})
        for content in ("", "{", "[]", "1", '"x"', "null", b"\xff\xfe\xfa", "{}"):
            self.put("/etc/x", content)
            self.assertEqual(files.read_json("/etc/x"), {}, content)
        self.put("/etc/x", '{"a": [1]}')
        self.assertEqual(files.read_json("/etc/x"), {"a": [1]})


if __name__ == "__main__":
    unittest.main()
