"""The site of nginx that a machine serves: its files in force, first without those that need a certificate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from ..settings import plan, records
from ..settings.apply import apply, with_records
from ..settings.manifest import Wanted
from ..system import files, granted, nginx, nginx_sites, units
from ..system.files import Change
from ..tls import certificate
from ..tls.certificate_settings import CertificateSettings


@dataclass
class Site:
    """
    The files of one scope of the records. `activate_others` puts them in force for units that are neither nginx nor of
    every machine, and notes these in a list; `changed` and `restarted` are what was done.
    """

    scope: str
    wanted: list[Wanted]
    activate_others: Callable[[list[str], list[str]], None]
    changed: list[str] = field(default_factory=list)
    restarted: list[str] = field(default_factory=list)

    def serve(self, certificates: CertificateSettings, challenge: Change) -> None:
        """
        Has nginx answer the ACME server, whatever has been done to its files: with everything but what needs a
        certificate, as long as there is none.
        """
        before = records.load()
        recorded = before.scope(self.scope)
        late = {file.path for file in self.wanted if file.needs_certificate}
        early = [file for file in self.wanted if file.path not in late]
        made = plan.make(early, {path: record for path, record in recorded.items() if path not in late})
        made.announce()
        aside = [Change(path, None) for path in late if path in recorded and files.exists(path)]
        dropped = nginx_sites.without_debians()
        aside = [] if certificate.is_loadable(certificates.hostname) else aside
        kept = {path: record for path, record in recorded.items() if path in late}
        after = before.replaced(self.scope, {**made.records, **kept})
        changes = with_records([*made.changes, *dropped, *aside, challenge], before, after)
        self.changed += [*made.paths, *(change.path for change in dropped)]
        self._put_in_force(changes, list(dict.fromkeys([*made.units, "nginx"])), [])

    def apply(self, pending: list[str]) -> list[str]:
        """Puts all files in force; what stays as somebody else changed it."""
        before = records.load()
        made = plan.make(self.wanted, before.scope(self.scope))
        made.report_kept()
        made.announce()
        dropped = nginx_sites.without_debians()
        changes = with_records([*made.changes, *dropped], before, before.replaced(self.scope, made.records))
        needed = list(dict.fromkeys([*pending, *made.units, *(["nginx"] if dropped else [])]))
        self.changed += [*made.paths, *(change.path for change in dropped)]
        if changes or needed:
            self._put_in_force(changes, needed, pending)
        return made.kept

    def answer(self, digest: str, hostname: str, changed: list[str], kept: list[str]) -> dict:
        """What a command says that was asked for all of it; what was changed, and what is kept as others have it."""
        result = {"request": digest, "hostname": hostname, "changed": list(dict.fromkeys(changed))}
        result["restarted"] = list(dict.fromkeys(self.restarted))
        return {**result, **({"kept": kept} if kept else {})}

    def _put_in_force(self, changes: list[Change], needed: list[str], pending: list[str]) -> None:
        restarted: list[str] = []
        apply(changes, needed, lambda names: self._activate(names, restarted), restarted, pending)
        self.restarted += restarted

    def _activate(self, names: list[str], restarted: list[str]) -> None:
        """What others rely on comes first, and nginx, which leads to them, last."""
        if units.RELOAD in names:
            restarted.append(units.RELOAD)
            units.reload_definitions()
        if granted.SYSCTL_UNIT in names:
            restarted.append(granted.SYSCTL_UNIT)
            granted.put_in_force()
        known = (units.RELOAD, granted.SYSCTL_UNIT, "nginx")
        self.activate_others([name for name in names if name not in known], restarted)
        if "nginx" in names:
            nginx.check()
            restarted.append("nginx")
            nginx.reload()
            granted.check_nginx()
