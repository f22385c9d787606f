"""What a node leaves on its disk, and how it goes."""

from __future__ import annotations

import contextlib
import os
import re
import shutil

from ..settings import plan, records
from ..system import files, paths, processes
from ..system.apt import ENVIRONMENT
from ..system.files import Change

SECONDS = 1800
# BigBlueButton and what keeps data or secrets for it. What it merely depends on stays, and their packages stay in apt's
# cache: on the next machine they are installed as on any other, and make up secrets of their own.
_PACKAGES = re.compile(
    r"bbb-.*|bigbluebutton.*|livekit-server|freeswitch.*|etherpad.*|coturn|haproxy|redis.*|postgresql.*|mongodb.*"
)
_UNITS = (
    *("bbb-*", "bigbluebutton*", "freeswitch*", "livekit*", "etherpad*", "coturn*", "haproxy*", "nginx*", "docker*"),
    *("redis*", "postgresql*", "mongod*", "certbot*", "cron*", "rsyslog*", "unattended-upgrades*"),
)
_GONE = (
    # BigBlueButton.
    *("/etc/bigbluebutton", "/etc/default/bbb-*", "/etc/systemd/system/bbb-*", "/etc/systemd/system/*.wants/bbb-*"),
    "/etc/systemd/system/freeswitch*",
    *("/etc/nginx/sites-*/bigbluebutton", "/etc/nginx/conf.d/bbb-*", "/usr/share/bbb-*", "/usr/share/bigbluebutton"),
    *("/usr/share/etherpad-lite", "/usr/share/meteor", "/usr/share/livekit-server", "/usr/local/bigbluebutton"),
    *("/opt/freeswitch", "/var/bigbluebutton", "/var/freeswitch", "/var/kurento", "/var/mediasoup", "/var/lib/bbb-*"),
    "/var/www/bigbluebutton-default",
    # What it stands on.
    *("/etc/haproxy", "/etc/turnserver.conf*", "/etc/redis", "/etc/postgresql", "/etc/mongod.conf", "/var/lib/turn"),
    *("/var/lib/redis", "/var/lib/postgresql", "/var/lib/mongodb", "/var/lib/docker/containers/*"),
    # Certificates and keys.
    *("/etc/letsencrypt", "/var/lib/letsencrypt", "/local/certs", "/etc/ssh/ssh_host_*", "/root/.ssh", "/home/*/.ssh"),
    # Who this machine is.
    *("/var/lib/cloud/*", "/etc/netplan/50-cloud-init.yaml", "/etc/network/interfaces.d/50-cloud-init"),
    *("/var/lib/dbus/machine-id", "/var/lib/systemd/random-seed", "/var/lib/systemd/credential.secret"),
    *("/var/lib/dhcp/*", "/var/log/journal/*", "/etc/passwd-", "/etc/shadow-", "/etc/group-", "/etc/gshadow-"),
    # What people did here.
    *("/root/.*history", "/root/.cache", "/root/.viminfo", "/root/.lesshst", "/root/.wget-hsts", "/home/*/.*history"),
    *("/home/*/.cache", "/var/mail/*", "/var/crash/*"),
    # The cluster.
    *("/etc/bbb-cluster", "/etc/apt/apt.conf.d/99bbb-cluster*", "/usr/local/share/ca-certificates/bbb-cluster"),
    *("/usr/local/lib/bbb-cluster", "/usr/local/sbin/bbb-cluster", "/opt/bbb-cluster"),
)
# Whose folders have to stay: services do not start without them.
_EMPTIED = ("/var/log", "/tmp", "/var/tmp", "/var/cache/nginx", "/var/spool/cron")


def stop_services() -> None:
    """Lets nothing go on that would write, call anybody or be taken for the node."""
    processes.run(["systemctl", "stop", "--no-ask-password", *_UNITS], 300)


def give_up_settings() -> None:
    """Puts files back to what they were before the cluster, wherever they are."""
    for scope in records.load().scopes.values():
        # Keys go as a whole.
        remembered = {path: record for path, record in scope.items() if not path.startswith("/root/.ssh/")}
        files.write_all(plan.make([], remembered).changes)


def purge_packages() -> None:
    """Removes the packages that have secrets or data, with their settings."""
    shown = processes.run_checked(
        ["dpkg-query", "--show", "--showformat", "${Package} ${db:Status-Status}\n"], "no packages are known here"
    )
    listed = [line.split() for line in shown.out.splitlines()]
    names = [name for name, status in listed if status != "not-installed" and _PACKAGES.fullmatch(name)]
    if names:
        command = ["apt-get", "--quiet", "--yes", "-o", "DPkg::Lock::Timeout=300", "purge", *names]
        processes.run_checked(command, "BigBlueButton's packages cannot be removed", SECONDS, ENVIRONMENT)


def remove() -> None:
    """Removes all that is left of the node, its name and its ids."""
    for path in files.matching(*_GONE):
        _remove(path)
    for folder in _EMPTIED:
        for above, _, names in os.walk(paths.on_host(folder)):
            for name in names:
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(os.path.join(above, name))
    processes.run_checked(["update-ca-certificates", "--fresh"], "the CA certificates cannot be given up", 300)
    _forget_passwords()
    _forget_name()
    # Empty and not missing: the next machine makes one of its own at its first boot.
    uid, gid = files.root_ids()
    files.write(Change("/etc/machine-id", b"", 0o444, uid, gid))


def _remove(path: str) -> None:
    place = paths.on_host(path)
    if os.path.isdir(place) and not os.path.islink(place):
        shutil.rmtree(place)
    else:
        os.unlink(place)


def _forget_passwords() -> None:
    for user, password, *_ in (line.split(":") for line in files.text("/etc/shadow").splitlines() if ":" in line):
        if password.lstrip("!").startswith(("$", "_")):
            processes.run_checked(["usermod", "--password", "*", user], "a password cannot be taken away")


def _forget_name() -> None:
    hosts, name = files.read("/etc/hosts"), files.text("/etc/hostname").strip()
    if hosts and name:
        short = name.split(".")[0].encode()
        kept = [line for line in hosts.content.splitlines(keepends=True) if short not in line]
        files.write(Change("/etc/hosts", b"".join(kept), hosts.mode, hosts.uid, hosts.gid))
    files.write(Change("/etc/hostname", b"localhost\n", 0o644, *files.root_ids()))


def give_back_space() -> None:
    """Has the disk forget what stood in removed files, as far as it can, and have all that is left."""
    processes.run(["fstrim", "--all"], SECONDS)
    processes.run_checked(["sync"], "the disk does not take what is written", SECONDS)
