"""Has the backup run every night."""

from __future__ import annotations

from ..settings import plan, records
from ..settings.apply import with_records, write_only
from ..settings.manifest import TEXT, Wanted
from ..system import processes, units
from ..system.failure import Failure

SCOPE = "backup"
UNITS = "/etc/systemd/system"
SERVICE = "bbb-cluster-backup.service"
TIMER = "bbb-cluster-backup.timer"
# What an administrator of a small cluster waits for at a terminal.
FIRST_SECONDS = 120
_SERVICE = """[Unit]
Description=Backup of the load balancer
After=network-online.target postgresql.service
Wants=network-online.target

[Service]
Type=oneshot
ExecStart=/usr/local/sbin/bbb-cluster backup
Nice=10
IOSchedulingClass=idle
"""
_TIMER = """[Unit]
Description=Every night a backup of the load balancer

[Timer]
OnCalendar=*-*-* 00:30:00
RandomizedDelaySec=2h
FixedRandomDelay=true
Persistent=true
"""
# A drop-in and not `systemctl enable`: it goes when it is not wanted any more, like every other file of ours.
_FILES = {SERVICE: _SERVICE, TIMER: _TIMER, "timers.target.d/bbb-cluster-backup.conf": f"[Unit]\nWants={TIMER}\n"}


def put_in_place(is_wanted: bool, pending_restarts: list[str]) -> None:
    """Under the lock: the timer runs, or is gone."""
    wanted = [Wanted(f"{UNITS}/{name}", TEXT, content=text.encode("ascii")) for name, text in _FILES.items()]
    before = records.load()
    made = plan.make(wanted if is_wanted else [], before.scope(SCOPE))
    shown = processes.run(["systemctl", "show", "-p", "NeedDaemonReload,ActiveState", TIMER]).out
    runs = "ActiveState=active" in shown
    if runs and not is_wanted:
        processes.run_checked(["systemctl", "stop", TIMER], "the timer of the backup does not stop")
    if made.changes or made.records != before.scope(SCOPE):
        made.announce()
        write_only(with_records(made.changes, before, before.replaced(SCOPE, made.records)), pending_restarts)
    made.report_kept()
    if made.changes or "NeedDaemonReload=yes" in shown:
        units.reload_definitions()
    if is_wanted and (made.changes or not runs):
        processes.run_checked(["systemctl", "restart", TIMER], "the timer of the backup does not start")


def run_now() -> int | None:
    """Has the service make a backup; its exit status. None: it takes long, and goes on without us."""
    try:
        return processes.run(["systemctl", "start", SERVICE], FIRST_SECONDS).status
    except Failure:
        return None
