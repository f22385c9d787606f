"""Who is open after a restore: what was closed when the copy was made stays closed, as does what is closed now."""

from __future__ import annotations

from dataclasses import replace

from .members import CONFIGURATION
from .membership import Membership


def merged(
    then: Membership | None, was_enabled: bool | None, now: Membership | None, is_enabled: bool | None
) -> tuple[Membership | None, bool]:
    """
    What to know of a node, and whether it gets meetings, by what was known of it and by what is; None: nothing. Of the
    configuration only its word of now counts.
    """
    if now is None or then is None:
        enabled = was_enabled if is_enabled is None else is_enabled
        return (now or then), enabled is True and not (now or then or Membership("", "")).holders
    kept = {by: why for by, why in then.holders.items() if by != CONFIGURATION}
    holders = {**kept, **now.holders}
    by_others = was_enabled is False and not then.closed and not then.doing
    enabled = (was_enabled if is_enabled is None else is_enabled) is True and not holders and not by_others
    known = replace(now, holders=holders, noticed=then.noticed if by_others else now.noticed)
    if holders or by_others:
        known = replace(known, closed=not by_others, doing="")
    return known, enabled
