"""What reads the files: restarted or reloaded when they changed, and watched until it runs again."""

from __future__ import annotations

import re

from . import clock, curl, processes
from .failure import Failure
from .progress import say

UNIT_SECONDS = 180
SETTLE_SECONDS = 3
API_SECONDS = 300
RELOAD_SECONDS = 15
ALL_SECONDS = 900
ALL = "everything"
# What serves data comes before what asks for it; nginx is reloaded when all others answer.
ORDER = ["bbb-graphql-server", "bbb-apps-akka", "bbb-web", "bbb-graphql-actions", "bbb-graphql-middleware"]


class Services:
    """Restarts, and remembers which, so that a rollback restarts no others."""

    def __init__(self, restart_all: list[str] | None = None, api: bool = True):
        self._restart_all = restart_all or []
        self._api = api
        self.touched: list[str] = []

    def activate(self, units: list[str]) -> None:
        """Makes running services read their files; Failure with the reason when one does not come back."""
        if "nginx" in units or ALL in units:
            check_nginx()
        if ALL in units:
            self._restart_everything()
            settle([unit for unit in units if unit not in (ALL, "nginx", "daemon-reload") and wanted_here(unit)])
        else:
            self._restart(units)
        if self._api and set(units) - {"daemon-reload"}:
            wait_for_api()

    def _restart_everything(self) -> None:
        self.touched.append(ALL)
        for command in self._restart_all:
            say(f"running `{command}`")
            processes.must(command.split(), "restarting BigBlueButton failed", ALL_SECONDS)

    def _restart(self, units: list[str]) -> None:
        names = sorted(
            (unit for unit in units if unit not in ("nginx", "daemon-reload")),
            key=lambda unit: ORDER.index(_short(unit)) if _short(unit) in ORDER else len(ORDER),
        )
        if "daemon-reload" in units:
            self.touched.append("daemon-reload")
            processes.must(["systemctl", "daemon-reload"], "systemd does not accept its unit files", UNIT_SECONDS)
        running = [unit for unit in names if wanted_here(unit)]
        for unit in running:
            self.touched.append(unit)
            say(f"restarting {unit}")
            processes.run(["systemctl", "reset-failed", unit])
            processes.must(["systemctl", "restart", unit], f"{unit} does not start", UNIT_SECONDS)
        settle(running)
        if "nginx" in units:
            self.touched.append("nginx")
            reload_nginx()


def _short(unit: str) -> str:
    return unit.split("@")[0].replace(".service", "")


def _state(unit: str) -> dict[str, str]:
    names = "LoadState,ActiveState,SubState,UnitFileState,NRestarts,Result"
    shown = processes.run(["systemctl", "show", "-p", names, unit]).out
    return dict(line.split("=", 1) for line in shown.splitlines() if "=" in line)


def runs_here(unit: str) -> bool:
    """Whether a unit exists on this machine and is not switched off: a patterned name is left to systemd."""
    if "*" in unit:
        return True
    state = _state(unit)
    off = state.get("ActiveState") == "inactive" and state.get("UnitFileState") in ("disabled", "masked")
    return state.get("LoadState") == "loaded" and not off


def is_up(unit: str) -> bool:
    """Whether a unit runs, or is about to."""
    return _state(unit).get("ActiveState") not in ("inactive", "failed")


def wanted_here(unit: str) -> bool:
    """As runs_here, with a word about those that are left out."""
    if runs_here(unit):
        return True
    say(f"{unit} does not run on this machine, so it is not restarted")
    return False


def settle(units: list[str]) -> None:
    """Waits until the units run, and a little longer to see that they keep running."""
    units = [unit for unit in units if "*" not in unit]
    if not units:
        return
    start = clock.now()
    while clock.now() - start < UNIT_SECONDS and any(_on_its_way(_state(unit)) for unit in units):
        clock.sleep(1)
    restarts = {unit: _state(unit).get("NRestarts") for unit in units}
    clock.sleep(SETTLE_SECONDS)
    for unit in units:
        state = _state(unit)
        if state.get("ActiveState") != "active" or state.get("NRestarts") != restarts[unit]:
            raise Failure(f"{unit} does not stay up with the new settings ({_last_words(unit, state)})")


def _last_words(unit: str, state: dict[str, str]) -> str:
    name = unit if "." in unit else f"{unit}.service"
    # By field and not by -u: what the service said, without what systemd says about it.
    recent = ["--since", "-30s", "--output", "cat", "--no-pager"]
    shown = processes.run(["journalctl", f"_SYSTEMD_UNIT={name}", *recent])
    words = [line.strip() for line in shown.out.splitlines() if line.strip()]
    return words[-1] if words else f"{state.get('ActiveState')}, {state.get('Result')}; it said nothing"


def _on_its_way(state: dict[str, str]) -> bool:
    return state.get("ActiveState") in ("activating", "reloading") and state.get("SubState") != "auto-restart"


def check_nginx() -> None:
    """Fails when nginx would not accept its configuration."""
    result = processes.run(["nginx", "-t"])
    if result.status != 0:
        # The last line only says that the test failed; these say what is wrong, in which file and line.
        lines = [line.strip() for line in (result.out + "\n" + result.err).splitlines()]
        wrong = [line for line in lines if re.search(r"\[(emerg|alert|crit)\]", line)]
        raise Failure(f"nginx does not accept its configuration: {'; '.join(wrong) or result.reason}")


def reload_nginx() -> None:
    """Makes nginx work by its new configuration, after a check; a reload alone returns before it does, if it does."""
    check_nginx()
    before = _nginx_workers()
    processes.must(["systemctl", "reload-or-restart", "nginx"], "nginx cannot be reloaded")
    start = clock.now()
    while before & _nginx_workers():
        if clock.now() - start > RELOAD_SECONDS:
            raise Failure("nginx keeps its old configuration: the end of /var/log/nginx/error.log says why")
        clock.sleep(0.1)


def _nginx_workers() -> set[str]:
    master = processes.run(["systemctl", "show", "-p", "MainPID", "--value", "nginx"]).out.strip()
    # Workers of the old configuration call themselves `… is shutting down` as soon as they accept nothing any more.
    return set(processes.run(["pgrep", "--parent", master, "--full", "^nginx: worker process$"]).out.split())


def wait_for_api() -> None:
    """Waits until BigBlueButton's API answers on this machine."""
    say("waiting until the API answers")
    start = clock.now()
    while True:
        answer = curl.get("https://127.0.0.1/bigbluebutton/api", insecure=True)
        if answer.status == 200:
            return
        if clock.now() - start > API_SECONDS:
            raise Failure(
                f"the API does not answer on this machine after {API_SECONDS // 60} minutes ({answer.reason}); "
                "look at `journalctl -u bbb-web`"
            )
        clock.sleep(2)
