"""What systemd-sysctl does: all files in their order, the last word counts."""

import glob
import os
import re

import support  # noqa: F401
from bbb_cluster.system import paths


def works_by_its_files(machine):
    """Has a machine's kernel take what its files of sysctl say, whenever systemd-sysctl is restarted."""
    machine.on("^systemctl restart systemd-sysctl$", lambda _command: _load(machine))


def _load(machine):
    for path in sorted(glob.glob(paths.on_host("/etc/sysctl.d/*.conf")), key=os.path.basename):
        with open(path, encoding="ascii") as file:
            for name, value in re.findall(r"^([a-z0-9_.]+) *= *(\d+)$", file.read(), re.MULTILINE):
                machine.put(f"/proc/sys/{name.replace('.', '/')}", f"{value}\n")
    return ""
