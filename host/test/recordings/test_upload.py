import base64
import json
import os
import unittest
from unittest import mock

import support  # noqa: F401
from bbb_cluster.recordings import bbblb_api, hand_over, marks
from bbb_cluster.recordings.held import Held
from bbb_cluster.system import paths, processes
from recorded import HOST, Takes
from support import SECRET


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

    def test_of_a_file_that_vanishes_is_none_and_the_recording_waits_until_it_is_whole(self):
        """The real bash and tar; in the place of curl, one that notes which requests came to their end."""
        record = self.record(1, ["video"])
        whole = os.path.join(self.root, "whole")
        self.stand_in("curl", f"cat >/dev/null; echo >>{whole}; printf '\\n202'")
        tar = self.stand_in("tar", f'PATH=${{PATH#*:}}; exec tar "$@" video/{record}/vanished')
        imported = "^curl .*/recording/imported/"
        self.on(imported, lambda command: self.told(command) if os.path.exists(whole) else "{}\n404")
        self.there = {(record, "video")}
        path = f"{self.root}/bin{os.pathsep}{os.environ['PATH']}"
        self.patch(mock.patch.dict(os.environ, {"PATH": path}))
        self.patch(mock.patch.object(processes, "runner", self.really))
        for _ in range(2):
            self.assertEqual((hand_over.run(), os.path.exists(whole)), ([], False))
        why = marks.tried(HOST)[f"{record}-video"]["why"]
        said = f"tar: video/{record}/vanished: Cannot stat: No such file or directory"
        self.assertIn(f"/var/bigbluebutton/published/video/{record} cannot be read whole ({said})", why)
        os.unlink(tar)
        self.assertEqual((hand_over.run(), os.path.exists(whole)), ([f"{record}-video"], True))

    def stand_in(self, name, script):
        """In the place of a program, when `bin` is in the path."""
        self.put(f"/bin/{name}", f"#!/bin/sh\n{script}\n", 0o755)
        return paths.on_host(f"/bin/{name}")

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
