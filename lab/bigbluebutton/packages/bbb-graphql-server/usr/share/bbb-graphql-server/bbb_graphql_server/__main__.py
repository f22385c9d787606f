"""Starts the GraphQL server from its environment; what the real one cannot do without is required."""

import os

from bbb_common.places import place
from bbb_common.service import fail, serve

from bbb_graphql_server.cors import CorsDomains
from bbb_graphql_server.handler import GraphqlHandler

SETTINGS = place("/run/bbb-apps-akka/client-settings.json")
REQUIRED = ("HASURA_GRAPHQL_METADATA_DATABASE_URL", "HASURA_GRAPHQL_ADMIN_SECRET", "HASURA_GRAPHQL_AUTH_HOOK")


def main():
    missing = [name for name in REQUIRED if not os.environ.get(name)]
    if missing:
        fail(f"not set: {', '.join(missing)}; is something missing in /etc/default/bbb-graphql-server?")
    try:
        domains = CorsDomains(os.environ.get("HASURA_GRAPHQL_CORS_DOMAIN", "*"))
        port = int(os.environ.get("HASURA_GRAPHQL_SERVER_PORT", "8080"))
    except ValueError as error:
        fail(error)
    address = os.environ.get("HASURA_GRAPHQL_SERVER_HOST", "0.0.0.0")
    serve(address, port, GraphqlHandler, domains=domains, settings_path=SETTINGS)


main()
