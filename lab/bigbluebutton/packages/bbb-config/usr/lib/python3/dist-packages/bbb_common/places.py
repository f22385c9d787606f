"""Where files lie: below `/`, or below $BBB_ROOT when a test runs a service in a folder of its own."""

import os


def place(path):
    """The real path of the absolute `path`."""
    return os.environ.get("BBB_ROOT", "") + path
