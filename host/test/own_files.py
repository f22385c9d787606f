"""A node with an administrator's own files and hook, which have come with the programs."""

import hashlib
import os
from unittest import mock

import fixtures
from bbb_cluster.system import carried
from cluster_node import Node

SLIDES = "/var/www/bigbluebutton-default/assets/default.pdf"
DIALPLAN = "/opt/freeswitch/etc/freeswitch/dialplan/public/dial-in.xml"
# Not UTF-8, as a PDF is not.
PDF = b"%PDF-1.4\n\xff\xfe\x00 ours\n"
THEIRS = b"%PDF-1.7\n\xfd\x00 BigBlueButton's\n"


class OwnFiles(Node):
    def setUp(self):
        super().setUp()
        self.patch(mock.patch.object(carried, "FOLDER", os.path.join(self.root, "opt/administrator")))

    def carry(self, content):
        """Puts a file where those are that have come with the programs; its SHA-256."""
        digest = hashlib.sha256(content).hexdigest()
        self.put(f"/opt/administrator/{digest}", content)
        return digest

    def file(self, path, content, mode="0644", restart=()):
        """A file as the request has it."""
        return {"path": path, "sha256": self.carry(content), "mode": mode, "restart": list(restart)}

    def request(self, *own, hook=None, **changes):
        """A request with these files and this script."""
        digest = self.carry(hook.encode()) if hook else None
        return fixtures.manifest(nodeFiles=list(own), nodeHook=digest, **changes)
