"""What the cluster asks of any load balancer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Callable, Tuple
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

from ..system.failure import Failure

# A recording's id, and the name of one of its formats.
Format = Tuple[str, str]


class Refused(Failure):
    """A step that was not begun, or not accepted: at the load balancer all is as it was."""


@dataclass(frozen=True)
class Server:
    """
    A node as the load balancer has it. `state` is enabled (new meetings), cordoned (running ones) or disabled (none);
    `load` is None where it is not known.
    """

    id: str
    url: str
    state: str
    load: float | None
    online: bool
    secret: str = field(default="", repr=False)


class Balancer:
    """A load balancer to which nobody says anything: a closed node refuses new meetings itself."""

    # Whether it hears anything at all.
    told = False
    # Whether it can be asked what it thinks of a node.
    tells = False
    # Whether recordings are to be there before a node goes.
    takes_recordings = False
    # How a node that joins is asked for its meetings, where somebody can ask it.
    ask: Callable[[], Element] | None = None

    def state(self, _url: str) -> Server | None:
        """What it has of a node, by the URL of the node's API; None: nothing."""
        return None

    def add(self, url: str, secret: str, load_multiplier: float) -> None:
        """Makes it know a node and its secret, without a new meeting there yet."""

    def enable(self, url: str) -> None:
        """Lets it create meetings on a node."""

    def cordon(self, url: str, last_too: bool = False) -> None:
        """Keeps new meetings from a node; running ones go on. Refused for the last node, if that can be told."""

    def remove(self, url: str, obstacle: Callable[[], str]) -> None:
        """
        Makes it forget a cordoned node; one that it does not know is fine. Refused when something is in the way, which
        the node itself says, such as `2 meetings with 14 people`: a balancer's own count is late.
        """
        found = obstacle()
        if found:
            raise Refused(f"{host_of(url)} still has {found}: it stays at the load balancer")
        self._remove(url)

    def _remove(self, url: str) -> None:
        pass

    def give_up(self, url: str) -> None:
        """Makes it forget a node that is gone, with its meetings, so that they can begin elsewhere."""

    def lacks(self, _formats: list[Format]) -> list[Format]:
        """Those formats of recordings that it does not have; none where it takes no recordings: the node knows then."""
        return []


def host_of(url: str) -> str:
    """The host name in the URL of a node's API."""
    return (urlsplit(url).hostname or "").lower()
