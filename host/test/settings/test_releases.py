import json
import os
import unittest

import support  # noqa: F401
from bbb_cluster.settings import releases
from bbb_cluster.settings.releases import Row, applies_to, parse
from support import Failure

TABLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..", "test", "contract", "releases.json")


class Order(unittest.TestCase):
    def test_every_pair_of_the_table_that_both_languages_read_is_in_order(self):
        with open(TABLE, encoding="utf-8") as file:
            pairs = json.load(file)
        self.assertGreaterEqual(len(pairs), 15)
        for one, sign, other in pairs:
            with self.subTest(pair=f"{one} {sign} {other}"):
                x, y = parse(one), parse(other)
                self.assertEqual({"<": x < y, "=": x == y, ">": x > y}[sign], True)
                self.assertEqual({"<": y > x, "=": y == x, ">": y < x}[sign], True)

    def test_what_is_no_release_is_refused(self):
        for text in ("", "3", "3.0.x", "v3.0", "3.0.0-gamma.1", "3.0.0.1"):
            with self.subTest(text=text), self.assertRaises(Failure) as raised:
                parse(text)
            self.assertEqual(str(raised.exception), f"`{text}` is not a BigBlueButton release such as 3.0 or 3.0.30")

    def test_a_line_holds_its_releases(self):
        for installed, wanted, expected in (
            ("3.0.30", "3.0", True),
            ("3.0.30", "3.0.30", True),
            ("3.0.30", "3.0.31", False),
            ("4.0.0-rc.5", "4.0", True),
            ("4.0.0-rc.5", "4.0.0-rc.5", True),
            ("4.0.0-rc.5", "4.0.0", False),
            ("4.1.0-dev", "4.1", True),
            ("4.1.0-dev", "4.0", False),
            ("3.0.027", "3.0.27", True),
            ("2.7.15", "3.0", False),
        ):
            self.assertEqual(releases.belongs(installed, wanted), expected, (installed, wanted))


class Rows(unittest.TestCase):
    def test_a_row_applies_from_since_up_to_before(self):
        row = Row("x", since="3.0.25", before="3.0.37")
        for release, expected in (
            ("3.0.24", False),
            ("3.0.25", True),
            ("3.0.36", True),
            ("3.0.37", False),
            ("2.7.99", False),
            ("4.0.0", False),
        ):
            self.assertEqual(applies_to(row, release), expected, release)

    def test_an_open_end_has_no_bound(self):
        for release in ("2.4.9", "3.0.0", "9.9.9"):
            self.assertTrue(applies_to(Row("x"), release))
            self.assertEqual(applies_to(Row("x", since="3.0.0"), release), release != "2.4.9")
            self.assertEqual(applies_to(Row("x", before="3.0.0"), release), release == "2.4.9")

    def test_a_pre_release_counts_as_the_release_that_it_leads_to(self):
        since, before = Row("x", since="3.0.99"), Row("x", before="3.0.99")
        for spelling in ("3.0.99", "3.0.99-rc.1", "3.0.99-beta.2", "3.0.99-alpha.3", "3.0.99~rc1", "3.0.99-dev"):
            self.assertEqual((applies_to(since, spelling), applies_to(before, spelling)), (True, False), spelling)
        self.assertEqual((applies_to(since, "3.0.98"), applies_to(before, "3.0.98-rc.1")), (False, True))


if __name__ == "__main__":
    unittest.main()
