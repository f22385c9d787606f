"""What bbb-conf does to the server's services."""

import os
import subprocess
import sys
import time

from bbb_common.places import place

from bbb_conf import configuration, report

APPLY_CONFIG = place("/etc/bigbluebutton/bbb-conf/apply-config.sh")
WELL_KNOWN_SECRET = "8cd8ef52e8e101574e400365b55e11a6"


def check():
    """--check: prints configuration and problems; fails only where nothing can work."""
    configuration.set_default_logout_url()
    values = check_configuration()
    print(report.server(configuration.release()))
    print(report.configuration(values, configuration.server_name()))
    check_state(values)


def restart():
    """--restart: every meeting on this server ends. Unit files are not read again, so `daemon-reload` comes before."""
    configuration.set_default_logout_url()
    values = check_configuration()
    print("Restarting BigBlueButton ..")
    stop()
    start()
    check_state(values)


def set_host(host):
    """--setip: writes the host everywhere, then stops and starts everything."""
    configuration.set_host(host)
    configuration.set_default_logout_url()
    restart()


def stop():
    """--stop"""
    print("Stopping BigBlueButton")
    systemctl("stop", "bigbluebutton.target")


def start():
    """--start: runs the administrator's own hook first."""
    apply_config()
    print("Starting BigBlueButton")
    systemctl("reload-or-restart", "nginx")
    systemctl("restart", "bigbluebutton.target")


def apply_config():
    """Runs the administrator's apply-config.sh, if there is one that may be run."""
    if os.access(APPLY_CONFIG, os.X_OK):
        print("\nApplying updates in /etc/bigbluebutton/bbb-conf/apply-config.sh: ", flush=True)
        subprocess.run([APPLY_CONFIG], check=False)


def check_configuration():
    """The properties in force; ends the program when the server cannot work with them."""
    values = configuration.web_properties()
    if not configuration.server_name():
        sys.exit(f"# Error: no server_name in {configuration.SITE}")
    for key in ("bigbluebutton.web.serverURL", "securitySalt"):
        if not values.get(key):
            sys.exit(f"# Error: no {key} in {configuration.OVERRIDE}")
    return values


def check_state(values):
    """Prints what looks wrong; stops bbb-web when anybody could guess its secret."""
    print("# Potential problems described below")
    if values["securitySalt"] == WELL_KNOWN_SECRET:
        print("#\n# Warning: detected that the shared secret is the well-known default: bbb-web is stopped\n#")
        systemctl("stop", "bbb-web")
        sys.exit(1)
    failed = [unit for unit in configuration.units() if not settled(unit)]
    for unit in failed:
        print(f"# Error: Detected some processes have not started correctly\n#  {unit}")


def settled(unit, seconds=10):
    """Whether the unit runs; one that is still starting is given some seconds."""
    for _ in range(seconds * 10):
        state = systemctl("is-active", unit, capture=True)
        if state not in ("activating", "deactivating"):
            return state == "active"
        time.sleep(0.1)
    return False


def systemctl(*arguments, capture=False):
    """Runs systemctl; returns its output when captured."""
    result = subprocess.run(["systemctl", *arguments], capture_output=capture, text=True, check=False)
    return result.stdout.strip() if capture else ""
