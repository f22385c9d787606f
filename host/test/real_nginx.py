"""The real nginx, in namespaces of its own, with the configuration of a machine that exists only in a folder."""

import os
import re
import shutil
import subprocess
import tempfile

import support  # noqa: F401
from bbb_cluster.system import paths
from support import Result

ALONE = ["unshare", "--map-root-user", "--net", "--mount", "--pid", "--fork", "--kill-child", "bash", "-c"]
# Everything that nginx reads below /etc/nginx, and writes elsewhere.
READY = """
set -e
mount --bind SCRATCH /etc/nginx
for folder in /var/lib/nginx /var/log/nginx /run; do mount -t tmpfs tmpfs $folder; done
ip link set lo up
ip address add 192.0.2.1/32 dev lo
"""


def can_be_tried():
    """Whether this machine has nginx, and lets us have namespaces."""
    if not all(shutil.which(program) for program in ("nginx", "unshare", "ip", "curl", "openssl")):
        return False
    return subprocess.run([*ALONE, "ip link set lo up"], capture_output=True, check=False).returncode == 0


def run(script):
    """Runs a script beside an nginx that is set up as the machine's is, but not started."""
    with tempfile.TemporaryDirectory() as scratch:
        shutil.copytree(paths.on_host("/etc/nginx"), scratch, symlinks=True, dirs_exist_ok=True)
        for folder, _, names in os.walk(scratch):
            for path in (os.path.join(folder, name) for name in names):
                if os.path.isfile(path) and not os.path.islink(path):
                    _adapt(path)
        command = [*ALONE, READY.replace("SCRATCH", scratch) + script]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    root = paths.on_host("/").rstrip("/")
    return Result(done.returncode, done.stdout, done.stderr.replace(root, ""))


def _adapt(path):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    text = re.sub(r"/(etc/letsencrypt|etc/bigbluebutton|var/www)/", lambda found: paths.on_host(found.group()), text)
    with open(path, "w", encoding="utf-8") as file:
        # Nobody else is there.
        file.write(text.replace("user www-data;", "user root;"))


def certificate(chain, key):
    """Makes a certificate that nginx can load."""
    for path in (chain, key):
        os.makedirs(os.path.dirname(paths.on_host(path)), exist_ok=True)
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-days",
        "9",
    ]
    command += ["-subj", "/CN=test", "-keyout", paths.on_host(key), "-out", paths.on_host(chain)]
    subprocess.run(command, capture_output=True, check=True)
