# SPDX-License-Identifier: AGPL-3.0-or-later
"""Calls about recordings."""

import os

import sqlalchemy
from bbblb import model
from bbblb.services.recording import RecordingManager
from bbblb.web import bbbapi
from sqlalchemy.ext.mutable import MutableDict

from .wrapping import around

# Changes of metadata are kept, and can be searched for (fault 9).
MutableDict.associate_with_attribute(model.Recording.meta)
sqlalchemy.JSON.Comparator.as_text = sqlalchemy.JSON.Comparator.as_string


@around(bbbapi.BBBApiRequest, "require_bbb_query")
async def _query(original, self, *args, **options):
    """States that no recording is in find none (fault 9)."""
    query = await original(self, *args, **options)
    if self.request.url.path.endswith("/getRecordings") and query.get("state", "").strip(", "):
        known = {"any", *model.RecordingState} & {state.strip() for state in query["state"].split(",")}
        query.update({"state": ",".join(known)} if known else {"state": "", "recordID": "none"})
    return query


@around(RecordingManager, "ensure_unpublished")
def _unpublish(original, self, tenant, record_id):
    """Of another tenant's recording, nothing is unpublished (fault 10)."""
    if os.path.isdir(self.storage_dir / tenant / record_id):
        original(self, tenant, record_id)
