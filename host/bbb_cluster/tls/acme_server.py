"""The ACME server that certbot asks for certificates."""

from __future__ import annotations

from ..settings import plan, records, transaction
from ..settings.apply import with_records, write_only
from ..settings.manifest import Wanted
from ..system import apt
from ..system.progress import report

CLI_INI = "/etc/letsencrypt/cli.ini"
SCOPE = "trust"


def is_configured(directory: str | None) -> bool:
    """Whether certbot asks this ACME server, and nothing of an earlier one is left."""
    recorded = records.load().scope(SCOPE)
    made = plan.make(_wanted(directory), recorded)
    return not made.changes and made.records == recorded


def configure_acme_server(directory: str | None) -> None:
    """Makes certbot ask this ACME server (null: Let's Encrypt); everything else in its file stays."""
    if directory:
        # Before the file: dpkg would stop and ask about a configuration file that is there before its package.
        apt.install(["certbot"])
    pending = transaction.recover()
    before = records.load()
    made = plan.make(_wanted(directory), before.scope(SCOPE))
    if made.changes:
        report(f"certbot will ask {directory or 'Let’s Encrypt'}")
    changes = with_records(made.changes, before, before.replaced(SCOPE, made.records))
    if changes:
        write_only(changes, pending)


def _wanted(directory: str | None) -> list[Wanted]:
    return [Wanted(CLI_INI, "properties", {"server": directory})] if directory else []
