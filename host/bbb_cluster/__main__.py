"""Host programs of the cluster: `python3 bbb_cluster COMMAND`, a request as JSON on stdin, a result on stdout."""

from __future__ import annotations

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

from bbb_cluster.commands.configure_node import configure_node  # noqa: E402
from bbb_cluster.commands.configure_proxy import configure_proxy  # noqa: E402
from bbb_cluster.commands.drift import verify_node  # noqa: E402
from bbb_cluster.commands.install_node import install_node  # noqa: E402
from bbb_cluster.commands.routes import close_door, open_door  # noqa: E402
from bbb_cluster.system.failure import Failure, sentence  # noqa: E402
from bbb_cluster.system.progress import say  # noqa: E402

COMMANDS = {
    "install-node": (install_node, "install BigBlueButton in the wanted release, once"),
    "configure-node": (configure_node, "merge the cluster's settings into BigBlueButton's files"),
    "verify-node": (verify_node, "tell which of the cluster's settings are no longer in force"),
    "configure-proxy": (configure_proxy, "nginx, certificate and the rendered files"),
    "open-door": (open_door, "lead the front door to a node that is fit"),
    "close-door": (close_door, "take a node out of the front door"),
}


def usage() -> str:
    """What can be done, one command a line."""
    lines = ["usage: python3 bbb_cluster COMMAND < request.json", "", "commands:"]
    return "\n".join(lines + [f"  {name:16} {summary}" for name, (_, summary) in COMMANDS.items()])


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
        _answer(COMMANDS[arguments[0]][0](_request(b"" if sys.stdin.isatty() else sys.stdin.buffer.read())))
    except (Failure, OSError) as error:
        say(sentence(error))
        return 1
    except Exception as error:
        trace = error.__traceback__
        while trace.tb_next:
            trace = trace.tb_next
        where = f"{os.path.basename(trace.tb_frame.f_code.co_filename)}:{trace.tb_lineno}"
        # Not the error's own text: it may hold a value from a file.
        say(f"a mistake in the host program itself: {type(error).__name__} at {where}; please report it")
        return 1
    return 0


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
    say("stopped from outside: the next run puts right what is half done")
    raise SystemExit(143)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
