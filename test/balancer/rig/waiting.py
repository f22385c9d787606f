"""Waiting for what has to come, without saying when."""

import time

SECONDS = 30


def eventually(holds, what):
    """What a function returns as soon as that is true; an AssertionError says what has not come."""
    end = time.monotonic() + SECONDS
    while True:
        found = holds()
        if found:
            return found
        if time.monotonic() > end:
            raise AssertionError(f"within {SECONDS} seconds not: {what}")
        time.sleep(0.05)
