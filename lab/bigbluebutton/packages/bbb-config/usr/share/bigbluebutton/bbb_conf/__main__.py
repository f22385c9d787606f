"""The command line of bbb-conf."""

import os
import sys

from bbb_conf import actions, configuration, report

USAGE = """BigBlueButton Configuration Utility - Version @RELEASE@

   bbb-conf [options]

Configuration:
   --setip <IP/hostname>              Assigns IP address or hostname to the server

Monitoring:
   --check                            Checks configuration files and processes for problems
   --secret                           View the URL and shared secret for the server
   --status                           Displays running status of components

Administration:
   --restart                          Restarts the BigBlueButton server
   --start                            Starts the BigBlueButton server
   --stop                             Stops the BigBlueButton server
"""


def main(arguments):
    command = arguments[0] if arguments else ""
    if command == "--secret":
        return print(report.secret(configuration.web_properties()))
    if command not in ("--setip", "--check", "--status", "--restart", "--start", "--stop"):
        print(USAGE)
        sys.exit(1 if command else 0)
    if os.geteuid() != 0:
        sys.exit("bbb-conf: must be run as root")
    if command == "--setip":
        if len(arguments) != 2:
            sys.exit("HOST IP/hostname was not specified: bbb-conf --setip <IP/hostname>")
        return actions.set_host(arguments[1])
    return {
        "--check": actions.check,
        "--status": lambda: print(report.status(configuration.units())),
        "--restart": actions.restart,
        "--start": actions.start,
        "--stop": actions.stop,
    }[command]()


main(sys.argv[1:])
