"""nginx: checked, reloaded, and seen to work by its new configuration."""

from __future__ import annotations

import re

from . import files, processes
from .failure import Failure
from .waiting import wait_while

RELOAD_SECONDS = 15
# Where others write locations beside the cluster's, whose files all have this in their paths.
_INCLUDED = ("/etc/bigbluebutton/nginx/*.nginx", "/usr/share/bigbluebutton/nginx/*.nginx", "/etc/nginx/sites-enabled/*")
_OURS = "bbb-cluster"
# Debian's nginx logs to its standard error: with time and process, which tell nothing here.
_BY_LOG = re.compile(r"^[\d/]+ [\d:]+ (\[\w+\]) \d+#\d+: ")


def flaw() -> str:
    """Why nginx would not accept its configuration; empty when it would."""
    result = processes.run(["nginx", "-t"])
    if result.status == 0:
        return ""
    # The last line only says that the test failed; these say what is wrong, in which file and line.
    lines = [line.strip() for line in (result.out + "\n" + result.err).splitlines()]
    wrong = [_BY_LOG.sub(r"nginx: \1 ", line) for line in lines if re.search(r"\[(emerg|alert|crit)\]", line)]
    return "; ".join(wrong + _rival("\n".join(wrong))) or result.reason


def _rival(wrong: str) -> list[str]:
    """Which location is there a second time beside the cluster's; nginx names only the file that it reads last."""
    found = re.search(r'duplicate location "([^"]+)" in (\S+):\d+', wrong)
    if not found:
        return []
    spelled = re.compile(rf'^\s*location\s+((?:=|\^~)\s*)?"?{re.escape(found[1])}"?\s*{{', re.MULTILINE)
    holders = [path for path in [*files.matching(*_INCLUDED), found[2]] if spelled.search(files.text(path))]
    own = [path for path in holders if _OURS not in path]
    if not own or len(set(own)) == len(set(holders)):
        return []
    return [f"take `location {found[1]}` out of {own[0]}: the cluster has it, too"]


def check() -> None:
    """Fails when nginx would not accept its configuration."""
    wrong = flaw()
    if wrong:
        raise Failure(f"nginx does not accept its configuration: {wrong}")


def reload() -> None:
    """Makes nginx work by its new configuration, after a check; a reload alone returns before it does, if it does."""
    check()
    before = workers()
    processes.run_checked(["systemctl", "reload-or-restart", "nginx"], "nginx cannot be reloaded")
    if wait_while(lambda: " ".join(before & workers()), RELOAD_SECONDS, 0.1):
        raise Failure("nginx keeps its old configuration: the end of /var/log/nginx/error.log says why")


def ensure_running() -> None:
    """Starts nginx where it does not run, now and at each boot; a Failure when it would not start."""
    check()
    processes.run_checked(["systemctl", "enable", "--now", "nginx"], "nginx does not start")


def workers() -> set[str]:
    """The processes that serve by the newest configuration."""
    master = processes.run(["systemctl", "show", "-p", "MainPID", "--value", "nginx"]).out.strip()
    # Workers of the old configuration call themselves `… is shutting down` as soon as they accept nothing any more.
    return set(processes.run(["pgrep", "--parent", master, "--full", "^nginx: worker process$"]).out.split())


NAMES = "/etc/nginx/conf.d/bbb-cluster-names.conf"
# A bucket of 64 bytes, nginx's default, holds a name and 18 bytes more (ngx_hash.c, NGX_HASH_ELT_SIZE).
LONGEST_NAME = 46
_BUCKETS = re.compile(r"^\s*server_names_hash_bucket_size\s", re.MULTILINE)


def allow_name(hostname: str) -> None:
    """Has nginx take a name that its table has no room for by default; somebody else's setting of it is left alone."""
    if len(hostname) <= LONGEST_NAME:
        return
    for path in files.matching("/etc/nginx/nginx.conf", "/etc/nginx/conf.d/*.conf"):
        if path != NAMES and _BUCKETS.search(files.text(path)):
            return
    # Names in DNS have at most 253 characters.
    files.ensure(NAMES, b"server_names_hash_bucket_size 512;\n")
