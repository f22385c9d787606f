"""Whether people can meet: a meeting as a frontend makes it, joined, ended, and seen to be gone."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from ..bigbluebutton.api import Elsewhere, url_of
from ..bigbluebutton.meetings import CHECKS
from ..system import clock
from ..system.browser import Browser, browse
from ..system.failure import Failure, message
from ..system.waiting import wait_while
from . import audio, turn
from .audio import Seat

# An administrator who looks at the list of meetings sees what it is.
NAME = "check: can people meet?"
SECONDS = 30
PAUSE_SECONDS = 0.5


@dataclass
class Outcome:
    """
    How long each step took, in seconds, and which one failed why; empty: none. Without a relay most people meet all the
    same: `relay` says why there is none; empty: it works; None: it was not tried.
    """

    steps: dict[str, float] = field(default_factory=dict)
    failed: str = ""
    why: str = ""
    relay: str | None = None


class _Failed(Exception):
    pass


def hold(asked: Elsewhere, page: str) -> Outcome:
    """Tries it; joining has to end at an address that begins with `page`. The meeting is ended in any case."""
    outcome = Outcome()
    meeting = f"{CHECKS}{uuid.uuid4()}"
    password = str(uuid.uuid4())
    try:
        with _step(outcome, "create"):
            asked.call(
                "create",
                meetingID=meeting,
                name=NAME,
                moderatorPW=password,
                record="false",
                # Whatever keeps us from ending it.
                meetingExpireIfNoUserJoinedInMinutes="2",
            )
        with _step(outcome, "start"):
            # Not BigBlueButton's API but what runs meetings says when one has begun.
            _wait(lambda: "" if _started(asked, meeting) else "it was created, but does not begin")
        url = asked.signed("join", meetingID=meeting, fullName=NAME, password=password, role="MODERATOR")
        with browse(SECONDS) as browser:
            with _step(outcome, "join"):
                seat = _join(browser, url, page)
            with _step(outcome, "audio"):
                audio.listen(seat)
            _try_relays(outcome, browser, seat)
    except _Failed:
        _end_quietly(asked, meeting, password)
        return outcome
    with suppress(_Failed), _step(outcome, "end"):
        asked.call("end", meetingID=meeting, password=password)
        _wait(lambda: "it does not end" if _runs(asked, meeting) else "")
    return outcome


@contextmanager
def _step(outcome: Outcome, name: str) -> Iterator[None]:
    began = clock.now()
    try:
        yield
    except Failure as error:
        outcome.failed, outcome.why = name, message(error)
        raise _Failed from None
    finally:
        outcome.steps[name] = clock.now() - began


def _wait(obstacle) -> None:
    why = wait_while(obstacle, SECONDS, PAUSE_SECONDS)
    if why:
        raise Failure(f"{why} within {SECONDS} seconds")


def _started(asked: Elsewhere, meeting: str) -> bool:
    return (asked.call("getMeetingInfo", meetingID=meeting).findtext("startTime") or "0") != "0"


def _runs(asked: Elsewhere, meeting: str) -> bool:
    return any(
        (each.findtext("meetingID") or "") == meeting and each.findtext("hasBeenForciblyEnded") != "true"
        for each in asked.call("getMeetings").iterfind("meetings/meeting")
    )


def _join(browser: Browser, url: str, page: str) -> Seat:
    answer = browser.go(url)
    if answer.status != 200:
        raise Failure(f"the client's page is not served: {answer.reason}")
    place = answer.headers["url"]
    if not place.startswith(page):
        raise Failure(f"joining ends at {place.partition('?')[0]} and not at {page}")
    token = parse_qs(urlsplit(place).query).get("sessionToken", [""])[0]
    sessions = browser.cookies("JSESSIONID")
    if not token or not sessions:
        raise Failure("joining gives no session: the page has no token in its address, or bbb-web set no cookie")
    # A load balancer that was asked may have given one of its own.
    node = next((host for host in sessions if host != urlsplit(url).hostname), urlsplit(url).hostname or "")
    return Seat(node, page[: page.index("/", len("https://"))], token, sessions[node])


def _try_relays(outcome: Outcome, browser: Browser, seat: Seat) -> None:
    began = clock.now()
    try:
        for server in turn.named(browser.go(f"{url_of(seat.node)}/stuns?sessionToken={seat.token}")):
            turn.relay(server)
        outcome.relay = ""
    except Failure as error:
        outcome.relay = message(error)
    outcome.steps["relay"] = clock.now() - began


def _end_quietly(asked: Elsewhere, meeting: str, password: str) -> None:
    # It was never there, or nobody can be reached: then it expires.
    with suppress(Failure):
        asked.call("end", meetingID=meeting, password=password)
