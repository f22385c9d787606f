"""A node that is a folder: `node.py FOLDER SECONDS` configures it as stdin asks; a restart takes so many seconds."""

import json
import os
import shutil
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "host", "test"))

# Before the programs: it makes them known.
import support  # noqa: E402, I001
from bbb_cluster.system import clock  # noqa: E402
from cluster_node import Node  # noqa: E402
from programs import configure_node  # noqa: E402

folder, seconds = sys.argv[1], float(sys.argv[2])
node = Node()
node.setUp()
try:
    shutil.copytree(folder, node.root, dirs_exist_ok=True)
    clock.now, clock.sleep = time.monotonic, time.sleep
    # What is restarted listens when its restart is over.
    node.on("^ss ", 'LISTEN 0 100 127.0.0.1:8090 0.0.0.0:* users:(("java",pid=77,fd=3))\n')
    node.put("/proc/77/cgroup", "0::/system.slice/bbb-web.service\n")
    node.on("^systemctl restart ", lambda _command: time.sleep(seconds) or support.Result(0, ""))
    request = json.load(sys.stdin)
    node.on("^bbb-conf --secret", support.SHOWN.replace("bbb-01.example.com", request["hostname"]))
    print(json.dumps(configure_node(request)))
    shutil.copytree(node.root, folder, dirs_exist_ok=True)
finally:
    node.doCleanups()
