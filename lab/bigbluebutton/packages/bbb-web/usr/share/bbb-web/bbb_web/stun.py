"""What a browser is told about STUN and TURN, from the file that the installer writes."""

import base64
import hashlib
import hmac
import os
import time
import xml.etree.ElementTree
from urllib.parse import urlsplit

from bbb_common.places import place

CONFIG = place("/etc/bigbluebutton/turn-stun-servers.xml")
_BEANS = "{http://www.springframework.org/schema/beans}"


def servers(settings, user_id):
    """The reply of `stuns`; without a configuration this server's own name stands for a STUN server."""
    host = urlsplit(settings["bigbluebutton.web.serverURL"]).hostname
    stun, turn = [f"stun:{host}:3478"], []
    if os.path.exists(CONFIG):
        beans = [_arguments(bean) for bean in xml.etree.ElementTree.parse(CONFIG).iter(f"{_BEANS}bean")]
        stun = [arguments[0] for kind, arguments in beans if kind.endswith(".StunServer")]
        turn = [_turn(*arguments, user_id) for kind, arguments in beans if kind.endswith(".TurnServer")]
    return {"stunServers": [{"url": url} for url in stun], "turnServers": turn, "remoteIceCandidates": []}


def _arguments(bean):
    arguments = [each for each in bean.iter(f"{_BEANS}constructor-arg") if each.get("value")]
    return bean.get("class", ""), [
        each.get("value") for each in sorted(arguments, key=lambda each: int(each.get("index")))
    ]


def _turn(secret, url, ttl, user_id):
    name = f"{int(time.time()) + int(ttl)}:{user_id}"
    password = base64.b64encode(hmac.new(secret.encode(), name.encode(), hashlib.sha1).digest()).decode()
    return {"url": url, "username": name, "password": password, "ttl": int(ttl)}
