"""The time of day at which users put up with an interruption."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..system import processes
from ..system.failure import Failure

DAY = 24 * 60
_TIME = r"([01]\d|2[0-3]):([0-5]\d)"
_WINDOW = re.compile(rf"{_TIME}-{_TIME} ([A-Za-z][\w+-]*(?:/[\w+-]+)*)", re.ASCII)


@dataclass(frozen=True)
class Window:
    """From `begin` on, for so many `minutes`; both in minutes, `begin` after midnight in the time zone."""

    begin: int
    minutes: int
    timezone: str

    @property
    def calendar(self) -> str:
        """Its beginning as systemd's timers take it."""
        return f"*-*-* {self.begin // 60:02}:{self.begin % 60:02}:00 {self.timezone}"

    def minutes_left(self) -> int:
        """For how long it is still open; 0 when it is not."""
        shown = processes.run(["date", "+%H:%M"], environment={"TZ": self.timezone}).out.strip()
        hours, _, minutes = shown.partition(":")
        if not (hours.isdigit() and minutes.isdigit()):
            raise Failure(f"`date` does not tell the time in {self.timezone}, it said `{shown}`")
        since = (int(hours) * 60 + int(minutes) - self.begin) % DAY
        return max(0, self.minutes - since)


def parse(text: str) -> Window:
    """Reads `02:00-05:00 Europe/Berlin`; one that ends before it begins reaches into the next day."""
    match = _WINDOW.fullmatch(text)
    times = [int(part) for part in match.groups()[:4]] if match else []
    begin, end = (times[0] * 60 + times[1], times[2] * 60 + times[3]) if match else (0, 0)
    if not match or begin == end:
        raise Failure(f"`maintenance` must be like `02:00-05:00 Europe/Berlin`, got `{text}`")
    return Window(begin, (end - begin) % DAY, match.group(5))
