import codecs
import unittest

import support  # noqa: F401
from bbb_cluster.settings.encoding import text_of
from bbb_cluster.system.failure import Failure
from drifting_node import Drifting
from fixtures import ETHERPAD, HTML5, PROPERTIES, manifest
from programs import configure_node

LATIN1 = "public:\n  app:\n    clientTitle: Universität\n".encode("latin-1")
UTF16 = codecs.BOM_UTF16_LE + "public:\n  app:\n    x: 1\n".encode("utf-16-le")


class Refusing(unittest.TestCase):
    def test_what_its_reader_could_not_read_is_named_with_its_line_and_what_to_do(self):
        latin1 = (
            "line 3 is not UTF-8: if the file is Latin-1, convert it with `iconv -f latin1 -t utf-8`, then run again"
        )
        utf16 = "line 1: the file is UTF-16: convert it with `iconv -f utf-16 -t utf-8`, then run again"
        for content, kind, expected in (
            (LATIN1, "yaml", latin1),
            (LATIN1, "env", latin1),
            (b'{\n\n"a": "\xfc"}', "json", latin1),
            (UTF16, "yaml", utf16),
            (UTF16, "properties", utf16),
            (codecs.BOM_UTF16_BE + "a".encode("utf-16-be"), "json", utf16),
            (codecs.BOM_UTF32_LE + "a".encode("utf-32-le"), "yaml", utf16.replace("16", "32")),
            ("a: 1\nb: 2\n".encode("utf-16-le"), "yaml", "line 1 has a zero byte: if the file is UTF-16, convert it"),
            (b"a=1\nb=\0", "env", "line 2 has a zero byte"),
            (codecs.BOM_UTF8 + b"a=1\n", "properties", "line 1 begins with a byte order mark: save the file as UTF-8"),
            (codecs.BOM_UTF8 + b"{}", "json", "line 1 begins with a byte order mark"),
            (codecs.BOM_UTF8 + b"A=1", "env", "line 1 begins with a byte order mark"),
        ):
            with self.subTest(content=content, kind=kind), self.assertRaises(Failure) as raised:
                text_of(content, kind)
            self.assertIn(expected, str(raised.exception))

    def test_what_its_reader_reads_is_taken_as_it_is(self):
        self.assertEqual(text_of(b"a=\xfc\n", "properties"), "a=\udcfc\n")
        self.assertEqual(text_of("a: ü😀\n".encode(), "yaml"), "a: ü😀\n")
        self.assertEqual(text_of(codecs.BOM_UTF8 + b"a: 1\n", "yaml"), "\ufeffa: 1\n")


class OnANode(Drifting):
    def test_a_file_in_another_encoding_is_named_and_left_alone(self):
        for path, content in ((HTML5, LATIN1), (HTML5, UTF16), (ETHERPAD, UTF16)):
            original = self.get(path)
            self.put(path, content)
            message = self.fails(configure_node, manifest(repair="x"))
            self.assertRegex(message, f"{path}: line [13].*`iconv -f [a-z0-9-]+ -t utf-8`")
            self.assertEqual([found["state"] for found in self.findings()], ["unreadable"])
            self.assertEqual(self.get(path), content)
            self.put(path, original)

    def test_latin_1_in_properties_stays_as_it_is(self):
        configure_node(manifest([]))
        content = "# Grüße\nwelcome=schön".encode("latin-1")
        self.put(PROPERTIES, content)
        configure_node(manifest())
        self.assertTrue(self.get(PROPERTIES).startswith(content))
        configure_node(manifest([]))
        self.assertEqual(self.get(PROPERTIES), content)

    def test_a_character_that_yaml_does_not_allow_is_named_by_its_line(self):
        self.put(HTML5, "a: 1\nb: \x07\n")
        message = self.fails(configure_node, manifest(repair="x"))
        self.assertIn("not valid YAML, line 2: a character that YAML does not allow", message)


if __name__ == "__main__":
    unittest.main()
