"""Units of systemd that a host program brings along by itself, and takes away again."""

from __future__ import annotations

from . import files, processes, units
from .files import Change

FOLDER = "/etc/systemd/system"


def every_minute(name: str, command: str, does: str, looks: str, first_seconds: int) -> dict[str, str]:
    """The texts of `NAME.service`, which runs `bbb-cluster COMMAND`, and of `NAME.timer`, by their names."""
    return {
        f"{name}.service": f"""\
[Unit]
Description={does}

[Service]
Type=oneshot
ExecStart=/usr/local/sbin/bbb-cluster {command}
StandardInput=null
Nice=10
""",
        f"{name}.timer": f"""\
[Unit]
Description={looks}

[Timer]
OnActiveSec={first_seconds}s
OnUnitInactiveSec=60s
AccuracySec=5s

[Install]
WantedBy=timers.target
""",
    }


def are_in_force(texts: dict[str, str], started: tuple[str, ...]) -> bool:
    """Whether they say what they should, and those that are to be started are."""
    same = all(files.text(f"{FOLDER}/{name}") == text for name, text in texts.items())
    return same and all(units.is_up(unit) for unit in started)


def put_in_place(texts: dict[str, str], started: tuple[str, ...], failure: str) -> bool:
    """Writes them, and has those that are to be started run now and at each boot; whether any was written."""
    written = [files.ensure(f"{FOLDER}/{name}", text.encode("ascii")) for name, text in texts.items()]
    if any(written):
        units.reload_definitions()
    if any(written) or not all(units.is_up(unit) and units.is_enabled(unit) for unit in started):
        processes.run_checked(["systemctl", "enable", "--quiet", "--now", *started], failure)
    return any(written)


def take_away(texts: dict[str, str], started: tuple[str, ...], failure: str) -> None:
    """Stops and removes them, if any is there."""
    if not any(files.exists(f"{FOLDER}/{name}") for name in texts):
        return
    processes.run_checked(["systemctl", "disable", "--quiet", "--now", *started], failure)
    for name in texts:
        files.write(Change(f"{FOLDER}/{name}", None))
    units.reload_definitions()
