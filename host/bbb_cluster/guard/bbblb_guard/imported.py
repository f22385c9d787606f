# SPDX-License-Identifier: AGPL-3.0-or-later
"""
What a node cannot ask otherwise: whether an upload was imported. BBBLB accepts it before, what is played may be unknown
to its database, and what it has imported may be unpublished or deleted by its tenant at once.
"""

import sqlalchemy
from bbblb import model, utils
from bbblb.services.recording import RecordingManager
from bbblb.web import bbblbapi
from sqlalchemy import select
from starlette.responses import JSONResponse

from .deleted import is_deleted

# The server's own number and the database's in it: made again, it has another. As long as it has no backup and comes
# from none (the host programs note in its comment what has), it may be about to be replaced by one.
_DATABASE = sqlalchemy.text("""
    SELECT system_identifier || '-' || oid FROM pg_database CROSS JOIN pg_control_system()
    WHERE datname = current_database() AND shobj_description(oid, 'pg_database') <> ''
""")


@bbblbapi.api("v1/recording/imported/database", methods=["GET"], name="guard:database")
async def database(ctx):
    """Which database knows what was imported, for any node's token: what was there before a restore may not be now."""
    auth = await ctx.auth()
    auth.ensure_scope(bbblbapi.SERVER_SCOPE)
    return JSONResponse({"database": (await ctx.session.execute(_DATABASE)).scalar_one_or_none() or ""})


@bbblbapi.api("v1/recording/imported/{record}/{name}", methods=["GET"], name="guard:imported")
async def imported(ctx):
    """200 or 404, for any node's token; and whether everybody can play it, as far as its tenant is concerned."""
    auth = await ctx.auth()
    auth.ensure_scope(bbblbapi.SERVER_SCOPE)
    record, name = (ctx.request.path_params[part] for part in ("record", "name"))
    if not (utils.RE_RECORD_ID.fullmatch(record) and utils.RE_FORMAT_NAME.fullmatch(name)):
        return JSONResponse({"error": "Not found"}, status_code=404)
    manager = ctx.services.get(RecordingManager)
    rows = (
        select(model.Tenant.name, model.Recording.state)
        .join(model.Recording, model.Recording.tenant_fk == model.Tenant.id)
        .join(model.PlaybackFormat)
        .where(model.Recording.record_id == record, model.PlaybackFormat.format == name)
    )
    tenant, state = (await ctx.session.execute(rows)).one_or_none() or (None, None)
    here = tenant and (manager.get_storage_dir(tenant, record, name) / "metadata.xml").is_file()
    known = bool(here or await is_deleted(ctx.session, record))
    played = bool(here and state is model.RecordingState.PUBLISHED)
    return JSONResponse({"imported": known, "played": played}, status_code=200 if known else 404)
