import unittest

import support  # noqa: F401
from bbb_cluster.settings import properties
from bbb_cluster.system.failure import Failure


def pairs(text):
    return [(pair.key, pair.value) for pair in properties.parse(text)]


class Reading(unittest.TestCase):
    def test_files_are_read_as_java_reads_them(self):
        for text, expected in (
            ("a=1\nb:2\nc 3\nd = 4 \ne\n", [("a", "1"), ("b", "2"), ("c", "3"), ("d", "4 "), ("e", "")]),
            ("# a=1\n! b=2\n\n  # c\nd=1", [("d", "1")]),
            ("a=1\\\n   2\\\r\n\t3\nb=4", [("a", "123"), ("b", "4")]),
            ("a=1\\\\\nb=2", [("a", "1\\"), ("b", "2")]),
            ("# no continuation \\\na=1", [("a", "1")]),
            ("a=x\\\n# part of the value\nb=1", [("a", "x# part of the value"), ("b", "1")]),
            (r"k\ 1\=\:=\t\u00e9\uD83D\uDE00\q", [("k 1=:", "\té😀q")]),
            ("a==b", [("a", "=b")]),
            ("a : = b", [("a", "= b")]),
            ("a=1\ra=2", [("a", "1"), ("a", "2")]),
            ("a=1\\", [("a", "1")]),
            ("a=1\\\n\nb=2", [("a", "1"), ("b", "2")]),
        ):
            with self.subTest(text=text):
                self.assertEqual(pairs(text), expected)

    def test_a_broken_escape_is_named_by_its_line(self):
        with self.assertRaises(Failure) as raised:
            properties.parse("a=1\nb=\\u12\n")
        self.assertEqual(str(raised.exception), "line 2 has \\u without four hexadecimal digits")


class Setting(unittest.TestCase):
    def test_a_value_is_replaced_where_it_stands(self):
        for text, expected in (
            ("a = 1\nb=2", "a = x\nb=2"),
            ("  a\t:1 # part\nb=2\n", "  a\t:x\nb=2\n"),
            ("a 1\n", "a=x\n"),
            ("a\r\nb=2\r\n", "a=x\r\nb=2\r\n"),
            ("a=1\\\n  2\\\n  3\nb=2\n", "a=x\nb=2\n"),
            ("a=1\nb=2\na=3\n", "a=1\nb=2\na=x\n"),
        ):
            with self.subTest(text=text):
                new, before = properties.put(text, "a", "x", {})
                self.assertEqual(new, expected)
                self.assertEqual(properties.revert(new, "a", before, {}), text)

    def test_a_new_key_goes_to_the_end_on_a_line_of_its_own(self):
        for text, expected in (
            ("", "a=x\n"),
            ("b=1", "b=1\na=x\n"),
            ("b=1\r\n", "b=1\r\na=x\r\n"),
            ("b=1\\", "b=1\\\n\na=x\n"),
            ("#b", "#b\na=x\n"),
        ):
            with self.subTest(text=text):
                self.assertEqual(properties.put(text, "a", "x", {}), (expected, None))

    def test_any_value_is_read_back_as_it_was_given(self):
        for value in ("", " x ", "a\\", "\t\n\r\f", "é😀\x85", "=a", ":", "#", "${b}", "c:\\dir", "\u2028"):
            for text in ("", "a 1\n", "a=1"):
                with self.subTest(value=value, text=text):
                    self.assertEqual(properties.value_of(properties.put(text, "a", value, {})[0], "a"), value)


if __name__ == "__main__":
    unittest.main()
