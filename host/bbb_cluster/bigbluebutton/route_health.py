"""Whether a door leads where it is to lead: asked at the node itself, and again through the front door."""

from __future__ import annotations

import json

from ..system import clock, curl
from ..system.failure import Failure
from ..system.progress import say
from .route import Door

NODE_SECONDS = 180
NODE_PAUSE_SECONDS = 5
FRONT_SECONDS = 20
NODE_API = "/bigbluebutton/api"


def wait_for_node(door: Door) -> str:
    """
    Waits until the node answers over the private network, with a certificate for its name; returns its client's
    page, by which it is known again behind the front door.
    """
    start, told = clock.now(), ""
    base = f"https://{door.node_hostname}"
    while True:
        trouble = _api_trouble(door, base, NODE_API, door.node_address)
        page, page_trouble = _page(door, base, door.node_address)
        trouble = trouble or page_trouble
        if not trouble:
            return page
        if clock.now() - start >= NODE_SECONDS:
            raise Failure(f"{door.node} is not fit, its door stays as it was: {trouble}")
        if trouble != told:
            say(f"waiting for {door.node}: {trouble}")
            told = trouble
        clock.sleep(NODE_PAUSE_SECONDS)


def trouble_in_front(door: Door, page: str, seconds: int) -> str:
    """What keeps the node's own answers from arriving through the front door; empty when they do, in time."""
    start = clock.now()
    base = f"https://{door.proxy_hostname}"
    while True:
        trouble = _api_trouble(door, base, door.api, "127.0.0.1")
        got, page_trouble = _page(door, base, "127.0.0.1")
        # Where there is no API, the name of the node in its page tells whose page it is.
        if not page_trouble and door.websocket and got != page:
            page_trouble = f"{base}{door.client} gives another page than {door.node} itself does"
        trouble = trouble or page_trouble
        if not trouble or clock.now() - start >= seconds:
            return trouble
        clock.sleep(1)


def _api_trouble(door: Door, base: str, api: str | None, address: str) -> str:
    if not door.websocket:
        return ""
    answer = curl.get(f"{base}{api}", connect_to=address)
    if answer.status != 200:
        return f"{base}{api} at {address}: {answer.reason}"
    try:
        got = json.loads(answer.body)["response"]["graphqlWebsocketUrl"]
    except (ValueError, KeyError, TypeError):
        return f"{base}{api} at {address} does not name graphqlWebsocketUrl: is the node in cluster mode?"
    if got != door.websocket:
        return f"{base}{api} at {address} names {got}, expected {door.websocket}"
    return ""


def _page(door: Door, base: str, address: str) -> tuple[str, str]:
    """The client's page, and what is wrong with it."""
    answer = curl.get(base + door.client, connect_to=address)
    if answer.status != 200:
        return "", f"{base}{door.client} at {address}: {answer.reason}"
    if not door.websocket and door.node_hostname not in answer.body:
        where = f"{base}{door.client} at {address}"
        return "", f"{where} does not name {door.node_hostname} for its websocket: is the node in cluster mode?"
    return answer.body, ""
