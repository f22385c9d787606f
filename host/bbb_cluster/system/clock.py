"""Time, in one place so that tests need not wait."""

import time


def now() -> float:
    """Seconds on a clock that never goes back."""
    return time.monotonic()


def sleep(seconds: float) -> None:
    """Waits that many seconds."""
    time.sleep(seconds)
