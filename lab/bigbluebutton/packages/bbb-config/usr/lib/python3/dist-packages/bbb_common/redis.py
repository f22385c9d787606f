"""Redis, by its own command line: the queue of recordings, and what is noted of meetings that are recorded."""

import subprocess


def redis(*command):
    """The lines that a command answers."""
    done = subprocess.run(["redis-cli", "--raw", *map(str, command)], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()
