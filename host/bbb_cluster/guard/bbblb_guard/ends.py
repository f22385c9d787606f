# SPDX-License-Identifier: AGPL-3.0-or-later
"""Meetings that nodes are to end and have not been heard to have ended (fault 15), kept over restarts in a file."""

import json
import logging
import os

LOG = logging.getLogger("bbblb.guard")
PATH = os.path.join(os.environ.get("BBBLB_PATH_DATA", "/var/lib/bbblb"), "unheard-ends.json")


class UnheardEnds:
    """By address of a node's API and id there."""

    def __init__(self):
        try:
            with open(PATH, encoding="utf-8") as file:
                self._noted = {(api, meeting) for api, meeting in json.load(file)}
        except (OSError, ValueError, TypeError):
            self._noted = set()

    def __contains__(self, end):
        return end in self._noted

    def of(self, api):
        """The meetings of one node that are to end."""
        return {meeting for node, meeting in self._noted if node == api}

    def note(self, api, meeting):
        """Before the node is told, so that no poll meanwhile takes the meeting for one that goes on."""
        self._write(self._noted | {(api, meeting)})

    def drop(self, api, meetings):
        """Of one node, those that it has answered about, does not have, or has begun again."""
        self._write(self._noted - {(api, meeting) for meeting in meetings})

    def _write(self, noted):
        if noted == self._noted:
            return
        self._noted = noted
        try:
            with open(f"{PATH}.new", "w", encoding="utf-8") as file:
                json.dump(sorted(noted), file)
            os.replace(f"{PATH}.new", PATH)
        except OSError as error:
            LOG.warning("which meetings are still to end is lost with a restart: %s", error)


UNHEARD_ENDS = UnheardEnds()
