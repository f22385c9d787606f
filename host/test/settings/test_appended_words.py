"""The script is run by the real sh; what systemd makes of its file is tested with systemd's own reader elsewhere."""

import os
import subprocess
import tempfile
import unittest

import fixtures
import support  # noqa: F401
from bbb_cluster.settings import appended_words, env_settings
from cluster_node import Node
from fixtures import DROP_IN
from programs import configure_node

OURS = ["-Dgrails.cors.enabled=true", "-Dgrails.cors.allowedOrigins=https://a.example.com,https://b.example.com"]


def request(words=OURS):
    """A request for words in the environment of bbb-web."""
    appends = {"unit": "bbb-web", "variable": "JDK_JAVA_OPTIONS", "words": words}
    return fixtures.manifest([{"path": DROP_IN, "restart": ["daemon-reload", "bbb-web"], "appends": appends}])


class Script(unittest.TestCase):
    def run_script(self, others):
        with tempfile.TemporaryDirectory() as folder:
            environment = {"PATH": os.environ["PATH"], **({} if others is None else {"JDK_JAVA_OPTIONS": others})}
            script, file = f"{folder}/append.sh", f"{folder}/words.env"
            with open(script, "wb") as text:
                text.write(appended_words.SCRIPT_TEXT)
            subprocess.run(["sh", script, file, "JDK_JAVA_OPTIONS", *OURS], env=environment, check=True)
            self.assertEqual(os.stat(file).st_mode & 0o777, 0o600)
            with open(file, encoding="utf-8") as text:
                return env_settings.value_of(text.read(), "JDK_JAVA_OPTIONS")

    def test_ours_come_behind_theirs_whatever_is_in_them(self):
        for others in (
            "-Xmx4g",
            "-Da=\"b c\" -Dd='e'",
            "-Dw=C:\\x -Dv=$HOME`id`",
            "-Dt=\tü",
            "@/etc/java.args",
            "-Xs\n-Xt",
            "-Dgrails.cors.allowedOrigins=https://a.example.com,https://https://b.example.com",
        ):
            with self.subTest(others=others):
                self.assertEqual(self.run_script(others), f"{others} {' '.join(OURS)}")
        for others in (None, ""):
            self.assertEqual(self.run_script(others), " ".join(OURS))


class DropIn(Node):
    def test_the_variables_are_made_anew_at_each_start_and_read_last(self):
        configure_node(request())
        file, run = "/run/bbb-cluster-bbb-web/words.env", "/bin/sh /usr/local/lib/bbb-cluster/append.sh"
        self.assertEqual(
            self.get(DROP_IN).decode().splitlines(),
            [
                "[Service]",
                "RuntimeDirectory=bbb-cluster-bbb-web",
                f"EnvironmentFile=-{file}",
                f"ExecStartPre=-+{run} {file} JDK_JAVA_OPTIONS {' '.join(OURS)}",
            ],
        )
        self.assertEqual(self.get(appended_words.SCRIPT), appended_words.SCRIPT_TEXT)
        self.assertGreater(os.path.basename(DROP_IN), "override.conf")

    def test_on_leaving_nothing_of_it_stays(self):
        configure_node(request())
        configure_node(fixtures.manifest([]))
        self.assertEqual(self.everything(), self.before)
        self.assertFalse(os.path.exists(f"{self.root}/usr/local/lib/bbb-cluster"))

    def test_what_systemd_or_sh_would_not_take_as_it_is_is_refused(self):
        for word in ("a b", "$HOME", "%n", "'x'", '"', "a;b", "", "a\nb", "\\", "`id`", "é"):
            self.assertIn("must be of plain words", self.fails(configure_node, request([word])))


if __name__ == "__main__":
    unittest.main()
