import subprocess
import unittest

import support  # noqa: F401
from bbb_cluster.system import paths, processes
from bbb_cluster.tls import certificate_files
from support import Machine

HOST = "bbb.example.com"


class Files(Machine):
    """As OpenSSL itself reads them."""

    def setUp(self):
        super().setUp()
        self.on("^openssl", lambda command: processes.execute(command.split(), 10, {}))
        self.chain, self.key = certificate_files.chain_of(HOST), certificate_files.key_of(HOST)
        self.put(self.key, "")
        self.put(self.chain, "")
        key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", paths.on_host(self.key)]
        command = ["openssl", "req", "-x509", *key, "-subj", f"/CN={HOST}", "-out", paths.on_host(self.chain)]
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
        self.one = self.get(self.chain)

    def test_a_chain_that_is_whole_can_be_loaded(self):
        self.put(self.chain, self.one * 2)
        self.assertIsNone(certificate_files.flaw(self.chain, self.key))

    def test_one_that_a_full_disk_has_cut_off_cannot_wherever_that_was(self):
        for kept in (0, 100, len(self.one) - 30, len(self.one) + 100, 2 * len(self.one) - 30):
            self.put(self.chain, (self.one * 2)[:kept])
            found = certificate_files.flaw(self.chain, self.key)
            self.assertEqual(found and (found.path, found.state), (self.chain, "unreadable"), kept)


if __name__ == "__main__":
    unittest.main()
