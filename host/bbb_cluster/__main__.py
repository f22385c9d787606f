"""Host programs of the cluster: `bbb-cluster COMMAND`, a request as JSON on stdin, a result on stdout."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import sys

# The folder is compared and copied as a whole: no compiled files in it.
sys.dont_write_bytecode = True
if not __package__:
    # Called as a folder: Python then puts the folder itself on the path, where our modules would hide others.
    sys.path[0] = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
try:
    import yaml  # noqa: F401
except ImportError:
    sys.exit("python3-yaml is not installed on this machine: `apt-get install python3-yaml`, then run again")

from bbb_cluster.commands.add_route import add_route  # noqa: E402
from bbb_cluster.commands.apply import apply  # noqa: E402
from bbb_cluster.commands.backup import backup  # noqa: E402
from bbb_cluster.commands.backups import backups  # noqa: E402
from bbb_cluster.commands.check import check  # noqa: E402
from bbb_cluster.commands.configure_balancer import configure_balancer  # noqa: E402
from bbb_cluster.commands.configure_node import configure_node  # noqa: E402
from bbb_cluster.commands.configure_proxy import configure_proxy  # noqa: E402
from bbb_cluster.commands.cordon import cordon, uncordon  # noqa: E402
from bbb_cluster.commands.drift import drift  # noqa: E402
from bbb_cluster.commands.due import due  # noqa: E402
from bbb_cluster.commands.follow_disks import follow_disks  # noqa: E402
from bbb_cluster.commands.front_door import leave_front_door, prove_front_door  # noqa: E402
from bbb_cluster.commands.hand_over import hand_over_recordings  # noqa: E402
from bbb_cluster.commands.keep_backup import keep_backup  # noqa: E402
from bbb_cluster.commands.keep_balancer import forget_balancer, keep_balancer  # noqa: E402
from bbb_cluster.commands.keep_balancer_secrets import keep_balancer_secrets  # noqa: E402
from bbb_cluster.commands.keep_secrets import keep_secrets  # noqa: E402
from bbb_cluster.commands.maintain import maintain  # noqa: E402
from bbb_cluster.commands.members import hold, list_members, release  # noqa: E402
from bbb_cluster.commands.membership import join_balancer, leave_balancer  # noqa: E402
from bbb_cluster.commands.metrics import metrics  # noqa: E402
from bbb_cluster.commands.monitoring import configure_monitoring, forget_monitoring  # noqa: E402
from bbb_cluster.commands.occupancy import occupancy  # noqa: E402
from bbb_cluster.commands.remove_route import remove_route  # noqa: E402
from bbb_cluster.commands.respond import respond  # noqa: E402
from bbb_cluster.commands.restore import restore  # noqa: E402
from bbb_cluster.commands.seal import seal  # noqa: E402
from bbb_cluster.commands.service import enter_service, leave_service  # noqa: E402
from bbb_cluster.commands.watch_disk import watch_disk  # noqa: E402
from bbb_cluster.system import versions  # noqa: E402
from bbb_cluster.system.failure import Failure, message  # noqa: E402
from bbb_cluster.system.progress import report  # noqa: E402

COMMANDS = {
    "configure-node": (configure_node, "install BigBlueButton and merge the cluster's settings into its files"),
    "keep-secrets": (keep_secrets, "keep settings that are secrets for configure-node"),
    "configure-proxy": (configure_proxy, "nginx, certificate and the rendered files"),
    "keep-balancer-secrets": (keep_balancer_secrets, "keep the secrets of balancer and tenants for configure-balancer"),
    "configure-balancer": (configure_balancer, "BBBLB with its database, nginx, certificate and tenants"),
    "add-route": (add_route, "lead the proxy to a node that is healthy"),
    "remove-route": (remove_route, "take a node out of the proxy"),
    "prove-front-door": (prove_front_door, "wait until the load balancer in front of the proxies leads to the cluster"),
    "leave-front-door": (leave_front_door, "wait until nobody is sent to that load balancer any more"),
    "enter-service": (enter_service, "let a node take new meetings, or only finish the running ones"),
    "leave-service": (leave_service, "close a node for good, if it is empty"),
    "cordon": (cordon, "take no new meetings, while running ones go on"),
    "uncordon": (uncordon, "take new meetings again"),
    "occupancy": (occupancy, "tell who is here and what waits; changes nothing, needs no request"),
    "hand-over": (hand_over_recordings, "hand recordings over to the load balancer; run by a timer"),
    "apply": (apply, "do what waits for this node to be empty, if it is"),
    "respond": (respond, "answer nginx while the node is cordoned; run by systemd"),
    "watch-disk": (watch_disk, "take no new meetings while the root disk is low; run by systemd, needs no request"),
    "follow-disks": (
        follow_disks,
        "close nodes with a low disk at the load balancer; run by systemd, needs no request",
    ),
    "keep-balancer": (keep_balancer, "keep which load balancer there is, and its secret"),
    "forget-balancer": (forget_balancer, "take all nodes out of the load balancer"),
    "join-balancer": (join_balancer, "have the load balancer use a node"),
    "leave-balancer": (leave_balancer, "take a node out of the load balancer, if it is empty"),
    "hold": (hold, "keep a node closed at the load balancer"),
    "release": (release, "let a node be opened at the load balancer, if nobody else holds it"),
    "members": (
        list_members,
        "tell which nodes are closed at the load balancer, and why; changes nothing, needs no request",
    ),
    "configure-monitoring": (
        configure_monitoring,
        "tell metrics to whoever knows the token, and try whether people can meet",
    ),
    "forget-monitoring": (forget_monitoring, "tell no metrics any more"),
    "metrics": (metrics, "write down for Prometheus what this machine knows; run by systemd, needs no request"),
    "check": (check, "try whether people can meet; run by systemd, needs no request"),
    "keep-backup": (keep_backup, "keep where the load balancer's data are copied to, and copy them"),
    "backup": (backup, "copy the load balancer's data now; run by systemd, needs no request"),
    "backups": (backups, "tell what has become of the last backup; changes nothing, needs no request"),
    "restore": (restore, "bring the load balancer's data back from a backup"),
    "drift": (drift, "tell what is no longer as configured; changes nothing, needs no request"),
    "seal": (seal, "take everything of a node away from a copy of it, so that an image can be made"),
    "maintain": (maintain, 'apply security updates; what disturbs users, in the window only or with {"now": true}'),
    "due": (due, "tell what security updates have left to be done; changes nothing, needs no request"),
}
# They leave the entry as it is, like everything else.
READING = (
    *("backups", "check", "drift", "due", "follow-disks", "hand-over"),
    *("members", "metrics", "occupancy", "respond", "watch-disk"),
)


def usage() -> str:
    """What can be done, one command a line."""
    lines = ["usage: bbb-cluster COMMAND < request.json", "", "commands:"]
    return "\n".join(lines + [f"  {name:21} {summary}" for name, (_, summary) in COMMANDS.items()])


def main(arguments: list[str]) -> int:
    """Runs a command; 0 done, 1 failed with one sentence on stderr, 2 no such command."""
    if arguments in (["--help"], ["-h"]):
        print(usage())
        return 0
    if len(arguments) != 1 or arguments[0] not in COMMANDS:
        print(usage(), file=sys.stderr)
        return 2
    os.umask(0o022)
    signal.signal(signal.SIGTERM, _stop)
    # The connection may go; the work goes on, and the next run finds it done.
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        _answer(_run(arguments[0], b"" if sys.stdin.isatty() else sys.stdin.buffer.read()))
    except (Failure, OSError) as error:
        report(message(error))
        return 1
    except Exception as error:
        trace = error.__traceback__
        while trace.tb_next:
            trace = trace.tb_next
        where = f"{os.path.basename(trace.tb_frame.f_code.co_filename)}:{trace.tb_lineno}"
        # Not the error's own text: it may hold a value from a file.
        report(f"internal error: {type(error).__name__} at {where}; please report it")
        return 1
    return 0


def _run(command: str, text: bytes) -> dict:
    request = _request(text)
    if command not in READING:
        versions.set_entry()
    return COMMANDS[command][0](request, hashlib.sha256(text).hexdigest())


def _request(text: bytes) -> dict:
    if not text.strip():
        return {}
    try:
        data = json.loads(text)
    except ValueError as error:
        where = f"line {error.lineno}" if isinstance(error, json.JSONDecodeError) else "its encoding"
        raise Failure(f"the request on standard input is not JSON ({where})") from None
    if not isinstance(data, dict):
        raise Failure("the request on standard input must be a JSON object")
    return data


def _answer(result: dict) -> None:
    try:
        sys.stdout.write(json.dumps(result) + "\n")
        sys.stdout.flush()
    except OSError:
        # Nobody is listening any more; keep Python from failing at its own last flush.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _stop(_number: int, _frame: object) -> None:
    report("terminated; the next run will recover")
    raise SystemExit(143)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
