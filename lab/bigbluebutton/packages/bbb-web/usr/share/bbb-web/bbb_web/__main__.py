"""Starts bbb-web as its unit does; a broken configuration ends it at once."""

import os
import sys
import threading
import time
from urllib.parse import urlsplit

from bbb_common import properties
from bbb_common.places import place
from bbb_common.service import fail, serve

from bbb_web import captured, log
from bbb_web.api import Api
from bbb_web.cors import Cors
from bbb_web.handler import WebHandler
from bbb_web.java_options import OptionError, parse_options
from bbb_web.meetings import AUDIT_SECONDS, Meetings

PACKAGED = place("/usr/share/bbb-web/WEB-INF/classes/bigbluebutton.properties")
OVERRIDE = place("/etc/bigbluebutton/bbb-web.properties")
RELEASE = place("/etc/bigbluebutton/bigbluebutton-release")
# Minutes until a meeting ends by itself; BigBlueButton's own defaults.
EXPIRY = (("IfNoUserJoined", 5), ("WhenLastUserLeft", 1))


def load_settings():
    """The properties in force; the packaged ones may refer to the origin of the page that the client comes from."""
    client = urlsplit(properties.load(PACKAGED, OVERRIDE, client_origin="").get("defaultHTML5ClientUrl", ""))
    return properties.load(PACKAGED, OVERRIDE, client_origin=f"{client.scheme}://{client.netloc}")


def audit(api):
    """Lets people and meetings go, for ever."""
    while True:
        time.sleep(AUDIT_SECONDS)
        api.audit()


def main():
    try:
        system = parse_options(sys.argv[1:], os.environ.get("JDK_JAVA_OPTIONS", ""))
        settings = load_settings()
    except (OptionError, OSError, ValueError, KeyError) as error:
        fail(error.args[0])
    for key in ("bigbluebutton.web.serverURL", "securitySalt"):
        if not settings.get(key):
            fail(f"could not resolve placeholder '{key}'")
    release = properties.load(RELEASE).get("BIGBLUEBUTTON_RELEASE", "")
    expire = [int(settings.get(f"meetingExpire{when}InMinutes") or other) for when, other in EXPIRY]
    api = Api(settings, Meetings(expire, before_end=captured.end), release)
    log.started()
    threading.Thread(target=audit, args=(api,), daemon=True).start()
    serve(system["server.address"], int(system["server.port"]), WebHandler, api=api, cors=Cors.of(system))


main()
