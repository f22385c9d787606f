"""Waiting for something, in one place: bounded in time, with a word now and then about what is waited for."""

from __future__ import annotations

from typing import Callable

from . import clock
from .progress import report

REPORT_EVERY_SECONDS = 15


def wait_while(
    obstacle: Callable[[], str],
    seconds: float,
    pause: float,
    line: Callable[[str], str] | None = None,
    every: float = REPORT_EVERY_SECONDS,
) -> str:
    """
    Asks what is still in the way until nothing is (an empty text), or the seconds are over; returns the last answer.
    `line` makes of the answer what is reported: at once, when the answer changes, and every so many seconds.
    """
    start = clock.now()
    reported, reported_at = None, start
    while True:
        found = obstacle()
        if not found or clock.now() - start >= seconds:
            return found
        if line and (found != reported or clock.now() - reported_at >= every):
            report(line(found))
            reported, reported_at = found, clock.now()
        clock.sleep(pause)
