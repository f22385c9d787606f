"""Starts the middleware; a broken configuration ends it."""

from bbb_common import settings
from bbb_common.places import place
from bbb_common.service import fail, serve

from bbb_graphql_middleware.handler import MiddlewareHandler

DEFAULTS = place("/usr/share/bbb-graphql-middleware/config.yml")
OVERRIDE = place("/etc/bigbluebutton/bbb-graphql-middleware.yml")


def main():
    try:
        config = settings.merged(settings.load(DEFAULTS), settings.load(OVERRIDE))
        server = config["server"]
        origin = server["authorized_cross_origin"]
        address = (server["listen_host"], int(server["listen_port"]))
        hook = config["auth_hook"]["url"]
        meetings = config["meetings"]["url"]
    except (ValueError, KeyError, TypeError) as error:
        fail(f"Error while reading the configuration: {error}")
    if not isinstance(origin, str):
        fail(f"server.authorized_cross_origin: cannot unmarshal {type(origin).__name__} into string")
    serve(*address, MiddlewareHandler, cross_origin=origin, hook=hook, meetings=meetings)


main()
