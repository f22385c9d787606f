# SPDX-License-Identifier: AGPL-3.0-or-later
"""
A new meeting and whom to call about it are stored at once: of a create that was cut off in between nobody would ever be
called, since it is no new one when it is tried again (fault 20).
"""

from types import SimpleNamespace

from bbblb import model
from bbblb.web import bbbapi

from .wrapping import around


@around(model, "get_or_create")
async def _begin(original, session, select, create):
    """Of a meeting, nothing is committed yet: who creates the same one meanwhile waits for that."""
    if select.column_descriptions[0]["entity"] is model.Meeting:
        session = SimpleNamespace(
            execute=session.execute, add=session.add, commit=session.flush, rollback=session.rollback
        )
    return await original(session, select, create)


@around(bbbapi, "_intercept_callbacks")
async def _store(original, context, params, meeting, is_new):
    callbacks = await original(context, params, meeting, is_new)
    if is_new:
        context.session.add_all(callbacks)
        await context.session.commit()
    return callbacks
