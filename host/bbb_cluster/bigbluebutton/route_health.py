"""Whether a route leads where it is to lead: asked at the node itself, and again through the proxy."""

from __future__ import annotations

import json

from ..system import curl
from ..system.failure import Failure
from ..system.waiting import wait_while
from .route import Route

NODE_SECONDS = 180
NODE_PAUSE_SECONDS = 5
PROXY_SECONDS = 20
NODE_API = "/bigbluebutton/api"


def wait_for_node(route: Route) -> str:
    """
    Waits until the node answers over the private network, with a certificate for its name; returns its client's
    page, by which it is known again behind the proxy.
    """
    base = f"https://{route.node_hostname}"
    page = ""

    def trouble() -> str:
        nonlocal page
        in_api = _api_trouble(route, base, NODE_API, route.node_address)
        page, in_page = _page(route, base, route.node_address)
        return in_api or in_page

    waiting = f"waiting for {route.node}: "
    found = wait_while(trouble, NODE_SECONDS, NODE_PAUSE_SECONDS, lambda found: waiting + found)
    if found:
        raise Failure(f"{route.node} failed its health check; its route is unchanged: {found}")
    return page


def trouble_through_proxy(route: Route, page: str, seconds: int) -> str:
    """What keeps the node's own answers from arriving through the proxy; empty when they do, in time."""
    base = f"https://{route.proxy_hostname}"

    def trouble() -> str:
        in_api = _api_trouble(route, base, route.api, "127.0.0.1")
        got, in_page = _page(route, base, "127.0.0.1")
        # Where there is no API, the name of the node in its page tells whose page it is.
        if not in_page and route.websocket and got != page:
            in_page = f"{base}{route.client} gives another page than {route.node} itself does"
        return in_api or in_page

    return wait_while(trouble, seconds, 1)


def _api_trouble(route: Route, base: str, api: str | None, address: str) -> str:
    if not route.websocket:
        return ""
    answer = curl.get(f"{base}{api}", connect_to=address)
    if answer.status != 200:
        return f"{base}{api} at {address}: {answer.reason}"
    try:
        got = json.loads(answer.body)["response"]["graphqlWebsocketUrl"]
    except (ValueError, KeyError, TypeError):
        return f"{base}{api} at {address} does not name graphqlWebsocketUrl: is the node in cluster mode?"
    if got != route.websocket:
        return f"{base}{api} at {address} names {got}, expected {route.websocket}"
    return ""


def _page(route: Route, base: str, address: str) -> tuple[str, str]:
    """The client's page, and what is wrong with it."""
    answer = curl.get(base + route.client, connect_to=address)
    if answer.status != 200:
        return "", f"{base}{route.client} at {address}: {answer.reason}"
    if not route.websocket and route.node_hostname not in answer.body:
        where = f"{base}{route.client} at {address}"
        return "", f"{where} does not name {route.node_hostname} for its websocket: is the node in cluster mode?"
    return answer.body, ""
