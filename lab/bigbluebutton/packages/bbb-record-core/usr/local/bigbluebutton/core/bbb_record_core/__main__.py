"""Runs the starter or the worker, as their units do."""

import sys
import time

from bbb_record_core import starter, worker

PAUSE_SECONDS = 0.2


def main():
    begin = {"starter": starter.scan, "worker": worker.Worker().work}[sys.argv[1]]
    while True:
        begin()
        time.sleep(PAUSE_SECONDS)


if __name__ == "__main__":
    main()
