# SPDX-License-Identifier: AGPL-3.0-or-later
"""Meetings that nodes are to end and have not been heard to have ended (fault 15), kept over restarts in a file."""

import contextlib
import json
import logging
import os

LOG = logging.getLogger("bbblb.guard")
PATH = os.path.join(os.environ.get("BBBLB_PATH_DATA", "/var/lib/bbblb"), "unheard-ends.json")


class UnheardEnds:
    """By address of a node's API and id there."""

    def __init__(self):
        # Those of which a node is being told, and which it may still refuse to end.
        self._being_told = []
        try:
            with open(PATH, encoding="utf-8") as file:
                self._noted = {(api, meeting) for api, meeting in json.load(file)}
        except (OSError, ValueError, TypeError):
            self._noted = set()

    def __contains__(self, end):
        return end in self._noted

    def is_being_told(self, api, meeting):
        """Whether a node is asked just now to end a meeting, and has not answered."""
        return (api, meeting) in self._being_told

    def of(self, api):
        """The meetings of one node that are to end."""
        return {meeting for node, meeting in self._noted if node == api}

    @contextlib.contextmanager
    def telling(self, api, meeting):
        """Noted before the node is told, so that no poll meanwhile takes the meeting for one that goes on."""
        end = (api, meeting)
        self._being_told.append(end)
        self._write(self._noted | {end})
        try:
            yield
        finally:
            self._being_told.remove(end)

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
