"""Starts a frontend or a backend from its environment, as the start scripts do."""

import os
import sys

from bbb_common.service import fail, serve

from bbb_html5.backend import BackendHandler
from bbb_html5.frontend import FrontendHandler
from bbb_html5.site import Site


def main():
    try:
        site = Site.load(os.environ)
    except (KeyError, ValueError) as error:
        fail(error)
    handler = {"frontend": FrontendHandler, "backend": BackendHandler}[sys.argv[1]]
    serve("127.0.0.1", int(os.environ["PORT"]), handler, site=site)


main()
