"""Oracle: java.util.Properties itself, where Java is installed; the table says what it gave (OpenJDK 17)."""

import base64
import random
import shutil
import subprocess
import tempfile
import unittest

import support  # noqa: F401
from bbb_cluster.settings import merge, properties
from bbb_cluster.system.failure import Failure
from generators import properties_text

PROGRAM = """
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.*;

public class Read {
  public static void main(String[] args) throws Exception {
    Scanner in = new Scanner(System.in, StandardCharsets.US_ASCII);
    while (in.hasNextLine()) {
      Properties read = new Properties();
      StringBuilder out = new StringBuilder("ok");
      try {
        byte[] bytes = Base64.getDecoder().decode(in.nextLine().substring(1));
        read.load(new StringReader(new String(bytes, StandardCharsets.UTF_16BE)));
        for (Map.Entry<Object, Object> e : read.entrySet()) out.append(b(e.getKey())).append(b(e.getValue()));
        System.out.println(out);
      } catch (IllegalArgumentException e) {
        System.out.println("refused");
      }
    }
  }

  static String b(Object text) {
    return " x" + Base64.getEncoder().encodeToString(text.toString().getBytes(StandardCharsets.UTF_16BE));
  }
}
"""
PIECES = ["a", "b", " ", "\t", "\f", "=", ":", "\\", "\\", "\n", "\n", "\r", "\r\n", "#", "!", "\\\n", "\\u0041", "1"]


def as_java_reads(texts):
    """What Java sees in each text: a map, or None when it refuses it."""
    with tempfile.TemporaryDirectory() as folder:
        with open(f"{folder}/Read.java", "w", encoding="ascii") as file:
            file.write(PROGRAM)
        lines = "".join(f"x{base64.b64encode(text.encode('utf-16-be')).decode()}\n" for text in texts)
        command = ["java", "-Xshare:auto", f"{folder}/Read.java"]
        shown = subprocess.run(command, input=lines, capture_output=True, text=True, check=True).stdout
    for line in shown.splitlines():
        words = [base64.b64decode(word[1:]).decode("utf-16-be", "surrogatepass") for word in line.split()[1:]]
        yield None if line == "refused" else dict(zip(words[::2], words[1::2]))


def said(text):
    """The same as we read it."""
    try:
        return {pair.key: pair.value for pair in properties.parse(text)}
    except Failure:
        return None


class Reading(unittest.TestCase):
    @unittest.skipUnless(shutil.which("java") and shutil.which("javac"), "Java is not installed here")
    def test_arbitrary_files_are_read_as_java_reads_them(self):
        source = random.Random(1)
        texts = ["".join(source.choices(PIECES, k=source.randint(1, 9))) for _ in range(3000)]
        texts += [properties_text(random.Random(seed)) for seed in range(300)]
        for text, expected in zip(texts, as_java_reads(texts)):
            with self.subTest(text=text):
                ours = said(text)
                # A backslash alone at the end is an empty key to Java, which nobody asks for.
                if ours is not None and expected is not None:
                    ours.pop("", None)
                    expected.pop("", None)
                self.assertEqual(ours, expected)

    def test_a_line_of_one_backslash_is_not_there(self):
        for text, expected in (
            ("\\\nb=1", {"b": "1"}),
            (" \t\\\n  b=1", {"b": "1"}),
            ("\\\n\\\nb=1", {"b": "1"}),
            ("\\\n# c\nb=1", {"b": "1"}),
            ("\\\n\nb=1", {"b": "1"}),
            ("a=1\n\\\n! c\nb=2\n", {"a": "1", "b": "2"}),
            ("a=1\\\n\\\nb=2\n", {"a": "1b=2"}),
            ("a=1\n\\", {"a": "1"}),
            ("\\", {}),
            ("\\\\\nb=1", {"\\": "", "b": "1"}),
            ("\\ \nb=1", {" ": "", "b": "1"}),
        ):
            with self.subTest(text=text):
                self.assertEqual(said(text), expected)


class Merging(unittest.TestCase):
    def test_files_with_lone_backslashes_are_merged_and_left_as_they_were(self):
        for text in ("\\", "a=1\n\\", "a=1\n\\\n", "\\\na=1\n", "a=1\\", "a=1\n \\\r\n", "\\\n# c\na=1\n\\\n\\"):
            with self.subTest(text=text):
                first = merge.merge("properties", text, {"k": "v", "l": "w"}, None)
                expected = {**said(text), "k": "v", "l": "w"}
                self.assertEqual(said(first.text), expected)
                self.assertEqual(merge.merge("properties", first.text, {}, first.record).text, text)
                edited = merge.merge("properties", first.text + "z=1\n", {}, first.record)
                self.assertEqual(said(edited.text), {**said(text), "z": "1"})


if __name__ == "__main__":
    unittest.main()
