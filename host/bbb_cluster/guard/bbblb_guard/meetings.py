# SPDX-License-Identifier: AGPL-3.0-or-later
"""Calls about meetings."""

import pickle

import sqlalchemy
from bbblb import model
from bbblb.lib.bbb import XML, BBBClient, BBBResponse
from bbblb.services.bbb import BBBHelper
from bbblb.services.tenants import TenantCache
from sqlalchemy.orm import InstrumentedAttribute

from .wrapping import around


async def _own_copy(original, self, name):
    """A tenant in several sessions at once is refused by SQLAlchemy: each gets a copy of the cached one (fault 2)."""
    tenant = await original(self, name)
    return pickle.loads(pickle.dumps(tenant)) if tenant else None


around(TenantCache, "get_tenant_by_name")(_own_copy)
around(TenantCache, "get_tenant_by_realm")(_own_copy)


@around(model.Server, "select_best")
def _select_best(_original, cls, _tenant):
    """One that missed a poll, where there is no better one: it is likelier to work than none."""
    known = cls.select(cls.health != model.ServerHealth.OFFLINE, enabled=True)
    return known.order_by(cls.health, cls.load).limit(1)


class Tolerant(BBBClient):
    """A node that does not answer has no part in a tenant's list of meetings, and does not spoil it (fault 4)."""

    async def action(self, endpoint, *args, **options):
        answer = await super().action(endpoint, *args, **options)
        if endpoint == "getMeetings" and not answer.success:
            return BBBResponse(xml=XML.response(XML.returncode("SUCCESS"), XML.meetings()))
        return answer


@around(BBBHelper, "connect")
def _connect_node(_original, self, server, secret):
    return Tolerant(server, secret, session=self.make_http_client())


@around(model.Meeting, "select")
def _select_meeting(original, cls, *what, **filters):
    """Columns are what is asked for, and not a condition, which PostgreSQL refuses them to be (fault 4)."""
    if what and all(isinstance(one, InstrumentedAttribute) for one in what):
        return sqlalchemy.select(*what).filter_by(**filters)
    return original(cls, *what, **filters)
