"""Oracle: systemd's own reader of such files, by way of its generator for environment.d, where that is installed."""

import os
import random
import shlex
import subprocess
import tempfile
import unittest

import support  # noqa: F401
from bbb_cluster.settings import env_settings
from bbb_cluster.system.failure import Failure
from generators import env_text, wanted_env

GENERATOR = "/usr/lib/systemd/user-environment-generators/30-systemd-environment-d-generator"
BREAKS = str.maketrans({"\n": "\\n", "\r": "\\r", "\t": "\\t"})


def as_systemd_reads(text):
    """The variables that systemd sees in a file."""
    with tempfile.TemporaryDirectory() as folder:
        os.mkdir(os.path.join(folder, "environment.d"))
        with open(os.path.join(folder, "environment.d", "x.conf"), "w", encoding="utf-8", newline="") as file:
            file.write(text)
        environment = {"XDG_CONFIG_HOME": folder, "HOME": folder, "LC_ALL": "C.UTF-8"}
        shown = subprocess.run([GENERATOR], env=environment, capture_output=True, check=True, text=True).stdout
    return dict(line.split("=", 1) for line in shlex.split(shown.replace("=$'", "='")) if "=" in line)


def said(text):
    """The same as we read it."""
    return {pair.name: pair.value for pair in env_settings.parse(text)}


class Reading(unittest.TestCase):
    @unittest.skipUnless(os.path.exists(GENERATOR), "systemd's reader is not installed here")
    def test_every_file_is_read_as_systemd_reads_it(self):
        for seed in range(120):
            # The generator would also replace $b, which EnvironmentFile= does not.
            text = env_text(random.Random(seed), dollar="-")
            try:
                # Tabs and line breaks within values as the generator shows them.
                ours = {name: value.translate(BREAKS) for name, value in said(text).items()}
            except Failure:
                continue
            theirs = as_systemd_reads(text)
            with self.subTest(seed=seed, text=text):
                # The generator leaves out what is empty, which EnvironmentFile= does not.
                expected = {name: theirs.get(name) for name, value in ours.items() if value}
                self.assertEqual({name: value for name, value in ours.items() if value}, expected)
                self.assertEqual(set(theirs) - {"QT_ACCESSIBILITY"} - set(ours), set())

    def test_the_rules_of_quotes_escapes_and_comments(self):
        for text, expected in (
            ("A=1\nB = 2 \n", {"A": "1", "B": "2"}),
            ("# A=1\n; B=2\nC=#3\n", {"C": "#3"}),
            ("A=\"x # y\" z\nB='a\\'b\n", {"A": "x # yz", "B": "a\\b"}),
            ('A="a\\"b\\$c\\d"\n', {"A": 'a"b$c\\d'}),
            ("A=x\\\n  y\nB=a\\ b\\\\\n", {"A": "x  y", "B": "a b\\"}),
            ('A="two\nlines"\nB=1', {"A": "two\nlines", "B": "1"}),
            ("# goes on \\\nA=1\nB=2\n", {"B": "2"}),
            ("no assignment\r\nA=1\r\n\r\nA=2", {"A": "2"}),
            ("A=it's\n", {"A": "it's"}),
            ("A=", {"A": ""}),
            ("A=1\\", {"A": "1"}),
        ):
            with self.subTest(text=text):
                self.assertEqual(said(text), expected)

    def test_a_quote_that_is_not_closed_is_named_by_its_line(self):
        with self.assertRaises(Failure) as raised:
            env_settings.parse('A=1\nB="x\nC=2\n')
        self.assertEqual(str(raised.exception), "line 2 has a quote that is not closed")


class Setting(unittest.TestCase):
    def test_a_variable_is_set_where_it_stands_or_on_a_line_of_its_own(self):
        for text, expected in (
            ("", 'A="x"\n'),
            ("B=1", 'B=1\nA="x"\n'),
            ("B=1\r\n", 'B=1\r\nA="x"\r\n'),
            ("B=1\\", 'B=1\\\n\nA="x"\n'),
            ("# b\\\n", '# b\\\n\nA="x"\n'),
            (" A = 'old' # part\nB=2\n", ' A ="x"\nB=2\n'),
            ("A=1\nA=2\n", 'A=1\nA="x"\n'),
        ):
            with self.subTest(text=text):
                new, before = env_settings.put(text, "A", "x", {})
                self.assertEqual(new, expected)
                if before is not None:
                    self.assertEqual(env_settings.revert(new, "A", before, {}), text)

    def test_any_value_is_read_back_as_it_was_given(self):
        for seed in range(50):
            source = random.Random(seed)
            for name, value in wanted_env(source).items():
                for text in ("", "B=1\\", f"{name}=1\n"):
                    with self.subTest(value=value, text=text):
                        self.assertEqual(said(env_settings.put(text, name, value, {})[0])[name], value)


if __name__ == "__main__":
    unittest.main()
