"""
An installation of Scalelite, told over its HTTP API. What it does is in its source (blindsidenetworks/scalelite at
7498a81dc8, alike since v1.5.1): app/controllers/api/servers_controller.rb, app/models/server.rb and,
for the poller, lib/tasks/poll.rake.
"""

from __future__ import annotations

from ..system import clock
from ..system.progress import report
from .balancer import Balancer, Format, Refused, Server, host_of
from .scalelite_api import Api, Rejected

# Long enough for a node with a hundred rooms.
PANIC_SECONDS = 600
# A healthy node is asked for the end of each meeting within one call; one that is gone lets the first one time out.
PANIC_CALL_SECONDS = 120
PAUSE_SECONDS = 0.1
# Their ids make a query that any proxy lets through.
RECORDINGS_PER_CALL = 50


class Scalelite(Balancer):
    """Scalelite at a URL; every step can be repeated, also after one of which nobody knows how it ended."""

    told = tells = takes_recordings = True

    def __init__(self, url: str, secret: str):
        self._api = Api(url, secret)
        self._url = url

    def state(self, url: str) -> Server | None:
        """The server whose URL has the same host; Refused when there are several."""
        return self._find(self._servers(), url)

    def add(self, url: str, secret: str, load_multiplier: float) -> None:
        """Adds it (disabled, says servers_controller.rb) unless it is there, or corrects its secret."""
        server = self.state(url)
        if server is None:
            report(f"adding {host_of(url)} to Scalelite")
            wanted = {"url": url, "secret": secret, "load_multiplier": load_multiplier}
            self._api.call("addServer", {"server": wanted})
        elif server.secret != secret:
            report(f"correcting the secret of {host_of(url)} at Scalelite")
            self._update(server, {"secret": secret})

    def enable(self, url: str) -> None:
        """A server has no load until it is polled, and without one it is not chosen (server.rb: find_available)."""
        server = self._known(url)
        if server.state != "enabled":
            self._update(server, {"state": "enable"})
            report(
                f"{host_of(url)} is enabled at Scalelite, which uses it from its next poll on: within a minute, usually"
            )

    def cordon(self, url: str, last_too: bool = False) -> None:
        """
        Scalelite's `cordon`, never its `disable`, after which nobody can join. Without a server that is enabled and
        online it creates nothing, before 1.6.0 not even a meeting that already runs (scalelite#620).
        """
        servers = self._servers()
        server = self._find(servers, url)
        if server is None or server.state != "enabled":
            return
        others = [one for one in servers if one.id != server.id and one.state == "enabled" and one.online]
        if not others and not last_too:
            raise Refused(
                f"{host_of(url)} is the last server of Scalelite at {self._url} that is enabled and online: "
                "without one no meeting can begin; enable another one first"
            )
        report(f"cordoning {host_of(url)} at Scalelite")
        self._update(server, {"state": "cordon"})

    def _remove(self, url: str) -> None:
        server = self.state(url)
        if server is None:
            return
        if server.state == "enabled":
            raise Refused(
                f"{host_of(url)} is enabled at Scalelite, and not by this cluster: cordon it there, then run again"
            )
        self._forget(server)

    def give_up(self, url: str) -> None:
        """Without asking anybody."""
        server = self.state(url)
        if server is not None:
            self._forget(server)

    def _forget(self, server: Server) -> None:
        """
        `deleteServer` leaves the meetings of a server in the database, and those can never be created again: their
        server is not found (scalelite#792, #887). `panicServer` takes them out first.
        """
        report(f"removing {host_of(server.url)} and its meetings from Scalelite")
        begin = clock.now()
        # It ends with an error at the first meeting that the node does not know (any more), with this one taken out.
        while not self._panic(server):
            if clock.now() - begin >= PANIC_SECONDS:
                raise Refused(
                    f"Scalelite at {self._url} does not let go of the meetings on {host_of(server.url)} within "
                    f"{PANIC_SECONDS // 60} minutes; look at its log, then run again"
                )
            clock.sleep(PAUSE_SECONDS)
        self._on(server, "deleteServer", {})

    def lacks(self, formats: list[Format]) -> list[Format]:
        """Those that are not imported: what lies in its spool is not; nor is any more what was deleted there."""
        records = sorted({record for record, _ in formats})
        known: set[Format] = set()
        for first in range(0, len(records), RECORDINGS_PER_CALL):
            known |= self._api.recordings(records[first : first + RECORDINGS_PER_CALL])
        return [one for one in formats if one not in known]

    def _panic(self, server: Server) -> bool:
        try:
            self._on(server, "panicServer", {}, PANIC_CALL_SECONDS)
        except Rejected as error:
            if error.status != 400:
                raise
            return False
        return True

    def _update(self, server: Server, changes: dict) -> None:
        self._on(server, "updateServer", {"server": changes})

    def _on(self, server: Server, action: str, body: dict, seconds: int = 30) -> None:
        """Somebody else may have removed it in the meantime, which is no mistake where it was to go."""
        try:
            self._api.call(action, {"id": server.id, **body}, seconds)
        except Rejected as error:
            if error.status != 404 or action not in ("panicServer", "deleteServer"):
                raise

    def _known(self, url: str) -> Server:
        server = self.state(url)
        if server is None:
            raise Refused(f"Scalelite at {self._url} does not know {host_of(url)}: `pulumi up` adds it")
        return server

    def _servers(self) -> list[Server]:
        try:
            listed = self._api.call("getServers")
        except Rejected as error:
            # An empty list is an error to it.
            if error.status != 404:
                raise
            return []
        return [_server(one) for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []

    def _find(self, servers: list[Server], url: str) -> Server | None:
        found = [server for server in servers if host_of(server.url) == host_of(url)]
        if len(found) > 1:
            ids = ", ".join(server.id for server in found)
            raise Refused(
                f"Scalelite at {self._url} has {host_of(url)} {len(found)} times ({ids}): remove all but one there"
            )
        return found[0] if found else None


def _server(listed: dict) -> Server:
    try:
        load = float(listed.get("load"))
    except (TypeError, ValueError):
        # "unavailable": disabled, or not polled yet.
        load = None
    identity, url, state, secret = (str(listed.get(name, "")) for name in ("id", "url", "state", "secret"))
    return Server(identity, url, state, load, listed.get("online") == "online", secret)
