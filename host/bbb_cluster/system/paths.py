"""Where things lie on a machine; BBB_CLUSTER_ROOT puts another root in front of every path."""

import os

STATE = "/var/lib/bbb-cluster"
LOGS = "/var/log/bbb-cluster"


def on_host(path: str) -> str:
    """The path to open for an absolute path of the machine."""
    root = os.environ.get("BBB_CLUSTER_ROOT", "")
    return os.path.join(root, path.lstrip("/")) if root else path
