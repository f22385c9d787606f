import unittest

import support  # noqa: F401
from bbb_cluster.updates import window
from support import Machine


class Windows(Machine):
    def test_it_is_open_from_its_first_minute_until_before_its_last_also_over_midnight(self):
        for text, now, left in (
            ("02:00-05:00 Europe/Berlin", "01:59", 0),
            ("02:00-05:00 Europe/Berlin", "02:00", 180),
            ("02:00-05:00 Europe/Berlin", "04:59", 1),
            ("02:00-05:00 Europe/Berlin", "05:00", 0),
            ("23:30-01:00 UTC", "23:29", 0),
            ("23:30-01:00 UTC", "23:45", 75),
            ("23:30-01:00 UTC", "00:30", 30),
            ("23:30-01:00 UTC", "01:00", 0),
        ):
            self.on("^date", now + "\n")
            self.assertEqual(window.parse(text).minutes_left(), left, (text, now))

    def test_systemd_is_told_its_beginning_in_its_time_zone(self):
        calendar = window.parse("02:05-05:00 America/Argentina/Buenos_Aires").calendar
        self.assertEqual(calendar, "*-*-* 02:05:00 America/Argentina/Buenos_Aires")

    def test_anything_else_is_refused(self):
        for text in (
            "",
            "02:00-05:00",
            "2:00-5:00 Europe/Berlin",
            "02:00-24:00 Europe/Berlin",
            "02:00-02:00 Europe/Berlin",
            "02:00-05:00 ../../etc/passwd",
            "02:00-05:00 Europe/Berlin\nExecStart=/bin/sh",
        ):
            self.assertIn(
                "`maintenance` must be like `02:00-05:00 Europe/Berlin`", self.fails(window.parse, text), text
            )


if __name__ == "__main__":
    unittest.main()
