"""
Words in the environment of a unit, such as options of Java, behind those that others set there. A variable can be set
in many places, of which the last wins alone; so all are put together at each start, in a file that is read last.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass

from ..system import request
from ..system.failure import Failure

RUN = "/run/bbb-cluster-"
SCRIPT = "/usr/local/lib/bbb-cluster/append.sh"
SCRIPT_TEXT = rb"""#!/bin/sh
# Run by systemd when a unit starts: FILE VARIABLE WORD... puts the words behind what is in the variable already,
# whoever set it, in a file that the unit reads last. Words of your own belong where they always do: `systemctl edit`.
file=$1
name=$2
shift 2
umask 077
others=$(printenv "$name" | sed 's/[\\"$`]/\\&/g')
printf '%s="%s"\n' "$name" "${others:+$others }$*" > "$file"
"""


@dataclass(frozen=True)
class AppendedWords:
    """What the process of a unit is to have in a variable."""

    unit: str
    variable: str
    words: list[str]

    def drop_in(self) -> bytes:
        """A drop-in that does it, if it is the last one of the unit."""
        # systemd makes the folder at each start, and takes it away at each stop: what is in it is never an older one.
        file = f"{RUN}{self.unit}/words.env"
        lines = ["[Service]", f"RuntimeDirectory={os.path.basename(RUN)}{self.unit}", f"EnvironmentFile=-{file}"]
        lines.append(f"ExecStartPre=-+/bin/sh {SCRIPT} {file} {self.variable} {' '.join(self.words)}")
        return "".join(f"{line}\n" for line in lines).encode("ascii")


def parse(data: dict) -> AppendedWords:
    """The checked part of a request."""
    request.only(data, ("unit", "variable", "words"), "`appends`")
    wanted = AppendedWords(
        request.field(data, "unit", str), request.field(data, "variable", str), request.texts(data, "words")
    )
    for word in (wanted.unit, wanted.variable, *wanted.words):
        # Neither systemd nor sh gives any of these characters a meaning.
        if not re.fullmatch(r"[A-Za-z0-9_.,:/=@+-]+", word):
            raise Failure(f"`appends` must be of plain words, got `{word}`")
    return wanted
