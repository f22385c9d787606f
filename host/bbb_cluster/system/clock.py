"""Time, in one place so that tests need not wait."""

import calendar
import datetime
import time


def now() -> float:
    """Seconds on a clock that never goes back."""
    return time.monotonic()


def sleep(seconds: float) -> None:
    """Waits that many seconds."""
    time.sleep(seconds)


def wall() -> float:
    """Seconds since 1970, as what others have noted."""
    return time.time()


def utc() -> datetime.datetime:
    """The time of day and year, UTC."""
    return datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)


def stamp() -> str:
    """This moment as it is noted: ISO 8601, UTC, to the second."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(wall()))


def seconds_since(noted: str) -> float:
    """How long ago a moment was that `stamp` has noted."""
    return wall() - calendar.timegm(time.strptime(noted, "%Y-%m-%dT%H:%M:%SZ"))
