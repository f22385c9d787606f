"""What bbb-conf prints, in the formats that tools read."""

import os
import platform
import subprocess

LINE = "—" * 38 + "►"


def secret(values):
    """The URL and secret of this server, and the link to the API-Mate."""
    url = values["bigbluebutton.web.serverURL"] + "/bigbluebutton/"
    salt = values["securitySalt"]
    link = f"https://mconf.github.io/api-mate/#server={url}&sharedSecret={salt}"
    return f"\n    URL: {url}\n    Secret: {salt}\n\n    Link to the API-Mate:\n    {link}\n"


def status(units):
    """One line per unit: whether it runs."""
    states = subprocess.run(
        ["systemctl", "is-active", *units], capture_output=True, text=True, check=False
    ).stdout.split()
    return "\n".join(_state(unit, state) for unit, state in zip(units, states))


def _state(unit, state):
    mark = "✔" if state == "active" else "✘"
    return f"{unit} {LINE[len(unit) :]} [{mark} - {state}]"


def server(release):
    """The head of --check: release and machine."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    rows = [
        ("Kernel version", platform.release()),
        ("Distribution", "Debian 12 (64-bit)"),
        ("Memory", f"{memory} MB"),
        ("CPU cores", os.cpu_count()),
    ]
    return f"\nBigBlueButton Server {release}\n" + table(rows)


def configuration(values, server_name):
    """The middle of --check: the values in force, by the file that they come from."""
    web = [(key, values.get(key, "")) for key in ("bigbluebutton.web.serverURL", "defaultGuestPolicy")]
    return (
        "\n/etc/bigbluebutton/bbb-web.properties (override for bbb-web)"
        "\n/usr/share/bbb-web/WEB-INF/classes/bigbluebutton.properties (bbb-web)\n"
        + table(web)
        + "\n/etc/nginx/sites-available/bigbluebutton (nginx)\n"
        + table([("server_name", server_name)])
        + "\n"
    )


def table(rows):
    """Right-aligned names, a colon, values."""
    return "".join(f"{name:>34}: {value}\n" for name, value in rows)
