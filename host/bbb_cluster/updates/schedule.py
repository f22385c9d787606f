"""Has security updates applied in the maintenance window, and at no other time."""

from __future__ import annotations

import json
from dataclasses import dataclass

from ..settings import plan, records
from ..settings.apply import with_records, write_only
from ..settings.manifest import Wanted
from ..settings.request_log import RequestNote
from ..system import apt, files, paths, processes, request, units
from ..system.failure import Failure
from . import window
from .held import HELD
from .window import Window

SCOPE = "maintenance"
SETTINGS = f"{paths.STATE}/maintenance.json"
APT = "/etc/apt/apt.conf.d/99bbb-cluster-updates"
NEEDRESTART = "/etc/needrestart/conf.d/bbb-cluster.conf"
UNITS = "/etc/systemd/system"
TIMER = "bbb-cluster-maintain.timer"
# Security alone, of Debian and Ubuntu; on Ubuntu, what such an update newly depends on is in the release itself.
ORIGINS = [
    "origin=Debian,codename=${distro_codename},label=Debian-Security",
    "origin=Debian,codename=${distro_codename}-security,label=Debian-Security",
    "origin=Ubuntu,archive=${distro_codename}",
    "origin=Ubuntu,archive=${distro_codename}-security",
    "origin=UbuntuESM,archive=${distro_codename}-infra-security",
    "origin=UbuntuESMApps,archive=${distro_codename}-apps-security",
]
NODE, PROXY = "node", "proxy"


@dataclass(frozen=True)
class Maintenance:
    """
    What kind of machine this is, and when it is maintained; without a window nothing happens by itself. `peers` are the
    URLs at which others that do the same work say whether they do.
    """

    machine: str
    window: Window | None
    peers: tuple[str, ...] = ()

    def minutes_left(self) -> int:
        """For how long users put up with an interruption from now on."""
        return self.window.minutes_left() if self.window else 0


def parse(data: dict, machine: str) -> Maintenance:
    """The request's `maintenance`; null: security updates are switched off. And its `peers`, if it has some."""
    text = request.field(data, "maintenance", str, None)
    return Maintenance(machine, window.parse(text) if text else None, tuple(request.texts(data, "peers")))


def load() -> Maintenance:
    """What this machine was configured for last."""
    current = files.read(SETTINGS)
    if not current:
        raise Failure("this machine has not been configured yet: run `pulumi up`")
    data = json.loads(current.content)
    when = window.parse(data["window"]) if data["window"] else None
    return Maintenance(data["machine"], when, tuple(data.get("peers", [])))


def put_in_place(data: dict, machine: str, pending_restarts: list[str], note: RequestNote) -> None:
    """Puts the request's maintenance in force, under the lock; not rolled back with what comes after it."""
    wanted = parse(data, machine)
    before = records.load()
    made = plan.make(_files(wanted, data.get("maintenance")), before.scope(SCOPE))
    if made.changes or made.records != before.scope(SCOPE):
        note.lasting = True
        note.start()
        made.announce()
        write_only(with_records(made.changes, before, before.replaced(SCOPE, made.records)), pending_restarts)
    made.report_kept()
    if wanted.window:
        apt.install(["unattended-upgrades"])
    _schedule(wanted, bool(made.changes))


def _schedule(wanted: Maintenance, changed: bool) -> None:
    shown = processes.run(["systemctl", "show", "-p", "NeedDaemonReload,ActiveState", TIMER]).out
    runs = "ActiveState=active" in shown
    if not wanted.window:
        if runs:
            processes.run_checked(["systemctl", "stop", TIMER], "security updates cannot be switched off")
            units.reload_definitions()
        return
    if changed or not runs or "NeedDaemonReload=yes" in shown:
        units.reload_definitions()
        processes.run_checked(["systemctl", "restart", TIMER], "the timer of security updates does not start")


def _files(wanted: Maintenance, text: str | None) -> list[Wanted]:
    settings = json.dumps({"machine": wanted.machine, "window": text, "peers": wanted.peers}) + "\n"
    found = [
        _text(SETTINGS, settings),
        _text(APT, _apt_configuration(HELD if wanted.machine == NODE else [])),
        _text(
            NEEDRESTART,
            "# Nothing is restarted under people, whoever runs apt: bbb-cluster does it.\n$nrconf{restart} = 'l';\n",
        ),
    ]
    return [*found, *_timer(wanted.window)] if wanted.window else found


def _text(path: str, content: str) -> Wanted:
    return Wanted(path, "text", content=content.encode("ascii"))


def _apt_configuration(held: object) -> str:
    lines = [
        "// Written by bbb-cluster: security updates only, and no reboot under people. Your own lists of packages",
        "// that must not be upgraded (Package-Blacklist in other files here) count, too.",
        "#clear Unattended-Upgrade::Allowed-Origins;",
        "#clear Unattended-Upgrade::Origins-Pattern;",
        *_list("Origins-Pattern", ORIGINS),
        *(_list("Package-Blacklist", [f"^{name}" for name in held]) if held else []),
        'Unattended-Upgrade::Automatic-Reboot "false";',
        'Unattended-Upgrade::MinimalSteps "true";',
    ]
    return "".join(f"{line}\n" for line in lines)


def _list(name: str, values: list[str]) -> list[str]:
    return [f"Unattended-Upgrade::{name} {{", *(f'    "{value}";' for value in values), "};"]


def _timer(when: Window) -> list[Wanted]:
    # Not all machines at the same minute: those that are empty close for a moment.
    spread = when.minutes // 3
    service = (
        "[Unit]\nDescription=Security updates, in the cluster's maintenance window\n"
        "After=network-online.target\nWants=network-online.target\n\n"
        "[Service]\nType=oneshot\nExecStart=/usr/local/sbin/bbb-cluster maintain\nNice=10\n"
    )
    timer = (
        "[Unit]\nDescription=The cluster's maintenance window\n\n"
        f"[Timer]\nOnCalendar={when.calendar}\nRandomizedDelaySec={spread}min\nAccuracySec=1min\n"
    )
    # A drop-in and not `systemctl enable`: it goes when it is not wanted any more, like every other file of ours.
    wants = f"[Unit]\nWants={TIMER}\n"
    return [
        _text(f"{UNITS}/bbb-cluster-maintain.service", service),
        _text(f"{UNITS}/{TIMER}", timer),
        _text(f"{UNITS}/timers.target.d/bbb-cluster.conf", wants),
    ]
