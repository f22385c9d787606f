import unittest

import support  # noqa: F401
from maintained import OLD, Maintained
from support import Result

# As apt 2.6 says it, which ends with 0.
SILENT = """\
W: http://x/InRelease: Key is stored in legacy trusted.gpg keyring (/etc/apt/trusted.gpg)
W: Failed to fetch http://x/dists/a/InRelease  Could not resolve 'x'
W: Some index files failed to download. They have been ignored, or old ones used instead.
"""
WHAT = "the package lists cannot be updated: "


class Sources(Maintained):
    def setUp(self):
        super().setUp()
        self.updates = ["libssl3"]
        self.runs("ssh.service", OLD)

    def says(self, text, status=0):
        self.on("^apt-get .*update", Result(status, "", text))

    def test_a_mirror_that_does_not_answer_is_a_failure_though_it_is_none_to_apt(self):
        self.says(SILENT)
        message = f"{WHAT}W: Failed to fetch http://x/dists/a/InRelease  Could not resolve 'x'"
        self.assertEqual(self.fails(self.maintain), message)
        self.assertEqual(self.due()["last"]["failure"], message)

    def test_what_the_other_sources_had_is_applied_all_the_same(self):
        self.says("E: The repository 'http://x a Release' no longer has a Release file.\nN: See apt-secure(8)\n", 100)
        self.assertIn("E: The repository 'http://x a Release' no longer has a", self.fails(self.maintain))
        self.assertEqual((self.updates, self.called("restart ssh")), ([], ["systemctl restart ssh.service"]))

    def test_the_source_is_named_and_not_only_that_something_failed(self):
        self.says("E: Failed to fetch http://x  404\nE: Some index files failed to download. They have been i", 100)
        self.assertEqual(self.fails(self.maintain), f"{WHAT}E: Failed to fetch http://x  404")

    def test_a_remark_of_apt_s_is_no_failure(self):
        self.says(SILENT.splitlines()[0])
        self.maintain()
        self.assertIsNone(self.due()["last"]["failure"])


if __name__ == "__main__":
    unittest.main()
