"""What reads the files of a node: restarted when they changed, and watched until it runs again."""

from __future__ import annotations

from ..system import nginx, processes, units
from ..system.progress import report
from ..system.units import EVERYTHING, RELOAD
from . import api

ALL_SECONDS = 900
# What serves data comes before what asks for it; nginx is reloaded when all others answer.
ORDER = ["bbb-graphql-server", "bbb-apps-akka", "bbb-web", "bbb-graphql-actions", "bbb-graphql-middleware"]


class Services:
    """Restarts, and remembers which, so that a rollback restarts no others."""

    def __init__(self) -> None:
        self.restarted: list[str] = []

    def activate(self, wanted: list[str]) -> None:
        """Makes running services read their files; Failure with the reason when one does not come back."""
        if "nginx" in wanted or EVERYTHING in wanted:
            nginx.check()
        single = [unit for unit in wanted if unit not in (EVERYTHING, RELOAD, "nginx")]
        if EVERYTHING in wanted:
            self._restart_everything()
            units.settle(units.running_here(single), set())
        else:
            self._restart(wanted, single)
        if set(wanted) - {RELOAD}:
            api.wait_until_it_answers()

    def _restart_everything(self) -> None:
        self.restarted.append(EVERYTHING)
        units.reload_definitions()
        report("running `bbb-conf --restart`")
        processes.run_checked(["bbb-conf", "--restart"], "restarting BigBlueButton failed", ALL_SECONDS)

    def _restart(self, wanted: list[str], single: list[str]) -> None:
        if RELOAD in wanted:
            self.restarted.append(RELOAD)
            units.reload_definitions()
        running = units.running_here(sorted(single, key=_place))
        listened = units.listening(running)
        for unit in running:
            self.restarted.append(unit)
            units.restart(unit)
        units.settle(running, listened)
        if "nginx" in wanted:
            self.restarted.append("nginx")
            nginx.reload()


def _place(unit: str) -> int:
    name = unit.split("@")[0].replace(".service", "")
    return ORDER.index(name) if name in ORDER else len(ORDER)
