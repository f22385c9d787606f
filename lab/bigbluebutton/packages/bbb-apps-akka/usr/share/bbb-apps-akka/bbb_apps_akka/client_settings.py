"""The client's settings: the package's defaults with the administrator's override laid over them."""

import sys

from bbb_common import settings


def load(defaults_path, override_path):
    """The settings; ValueError when the defaults are broken. A broken override counts as empty, as in the real one."""
    defaults = settings.load(defaults_path)
    if "public" not in defaults:
        raise ValueError(f"{defaults_path}: expected a map with the key public")
    try:
        override = settings.load(override_path)
    except ValueError as error:
        print(f"Error while fetching client override Settings: {error}", file=sys.stderr, flush=True)
        override = {}
    return settings.merged(defaults, override)
