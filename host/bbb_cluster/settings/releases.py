"""Releases of BigBlueButton: their order, their lines, and what is wanted on which of them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..system.failure import Failure

_RELEASE = re.compile(r"(\d+)\.(\d+)(?:\.(\d+))?(?:[-~.]?(dev|alpha|beta|rc)[-.]?(\d*))?")
# In their order; a release comes after all of its stages.
_STAGES = ("dev", "alpha", "beta", "rc", None)


@dataclass(frozen=True)
class Row:
    """Something that is wanted on the releases `since` (inclusive) up to `before` (exclusive); None: no bound."""

    what: object
    since: str | None = None
    before: str | None = None


def parse(text: str) -> tuple:
    """A release in a form that sorts: 3.0.0-beta.1 < 3.0.0 < 3.0.28 < 4.0; `dev` comes first."""
    match = _RELEASE.fullmatch(text.strip())
    if not match:
        raise Failure(f"`{text}` is not a BigBlueButton release such as 3.0 or 3.0.30")
    major, minor, patch, stage, number = match.groups()
    return (int(major), int(minor), int(patch or 0), _STAGES.index(stage), int(number or 0))


def applies_to(row: Row, release: str) -> bool:
    """Whether a row is wanted on a release; -dev, -alpha, -beta and -rc count as the release that they lead to."""
    here = parse(release)[:3]
    return (row.since is None or parse(row.since)[:3] <= here) and (row.before is None or here < parse(row.before)[:3])


def belongs(installed: str, wanted: str) -> bool:
    """Whether an installed release is of the wanted line (3.0) or is the wanted one (3.0.30)."""
    return parse(installed) == parse(wanted) if wanted.count(".") > 1 else same_line(installed, wanted)


def same_line(one: str, other: str) -> bool:
    """Whether two releases are of one line."""
    return parse(one)[:2] == parse(other)[:2]
