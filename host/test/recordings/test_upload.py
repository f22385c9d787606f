import base64
import json
import unittest
from unittest import mock

import support  # noqa: F401
from bbb_cluster.recordings import bbblb_api, hand_over, marks
from bbb_cluster.recordings.held import Held
from bbb_cluster.system import processes
from recorded import HOST, Takes, identity
from support import SECRET, Result


class Upload(Takes):
    def test_is_a_tar_with_a_token_that_the_node_s_secret_signs_and_no_argument_tells(self):
        self.record(1, ["video"])
        seen = {}

        def runs(command):
            argv = self.argv
            with open(argv[-2], encoding="ascii") as file:
                seen["token"] = file.read().split("Bearer ")[1].rstrip('"\n')
            seen["command"] = command
            return "202"

        self.on("^bash .*upload", runs)
        hand_over.run()
        header, claims, _ = seen["token"].split(".")
        decode = [json.loads(base64.urlsafe_b64decode(part + "==")) for part in (header, claims)]
        self.assertEqual(decode[0], {"alg": "HS256", "typ": "JWT", "kid": "bbb:bbb-01.example.com"})
        self.assertEqual(decode[1]["aud"], HOST)
        self.assertEqual(seen["token"], bbblb_api.signed({"kid": decode[0]["kid"]}, decode[1], SECRET))
        self.assertNotIn(seen["token"], seen["command"])

    def run_program(self, argv, timeout_seconds, environment, given=""):
        self.argv = argv
        return super().run_program(argv, timeout_seconds, environment, given)

    def test_of_a_folder_that_cannot_be_read_to_its_end_is_none(self):
        self.on("^bash .*upload", Result(2, "202", "tar: video: file removed before we read it"))
        self.record(1, ["video"])
        hand_over.run()
        self.assertIn("file removed", marks.tried()[f"{identity(1)}-video"]["why"])

    def test_is_what_bash_and_tar_make_of_it(self):
        """The real programs, without a BBBLB: nothing answers, and that is what is said."""
        record = self.record(1, ["video"])
        with mock.patch.object(processes, "runner", self.really):
            there = bbblb_api.Bbblb("localhost:1")
            with self.assertRaises(bbblb_api.Away) as raised:
                there.upload(Held(record, "video", "published"))
        self.assertIn("curl: (7)", str(raised.exception))

    def really(self, argv, timeout_seconds, environment, given=""):
        if argv[0] == "bash":
            return processes.execute(argv, timeout_seconds, environment, given)
        return self.run_program(argv, timeout_seconds, environment, given)


if __name__ == "__main__":
    unittest.main()
