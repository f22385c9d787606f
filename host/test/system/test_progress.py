import unittest

import support  # noqa: F401
from bbb_cluster.system import progress
from bbb_cluster.system.failure import message


class Saying(unittest.TestCase):
    def test_lines_are_short_single_and_free_of_secrets(self):
        progress.hide("hunter22")
        for line, expected in (
            ("a\nb\tc\x1b[31md\x1b[0m", "a b cd"),
            ("Secret: abc", "Secret: ***"),
            ("securitySalt=abc def", "securitySalt=*** def"),
            ('{"password": "a b", "x": 1}', '{"password": ***, "x": 1}'),
            ("https://mate#sharedSecret=abc&x=1", "https://mate#sharedSecret=***&x=1"),
            ("it is hunter22!", "it is ***!"),
        ):
            self.assertEqual(progress.clean(line), expected)
        self.assertEqual(len(progress.clean("x" * 70000)), progress.LONGEST)

    def test_errors_of_the_system_come_with_a_remedy(self):
        for number, words in ((28, "the disk is full: /x"), (30, "the disk is read-only: /x"), (13, "run as root")):
            self.assertIn(words, message(OSError(number, "no", "/x")))


if __name__ == "__main__":
    unittest.main()
