"""Parts of a YAML document that an anchor shares with others, or that come from elsewhere: not changed in place."""

from __future__ import annotations

import yaml

from ..system.failure import Failure
from .yaml_document import Document, Entry


def refuse_what_is_not_its_own(document: Document, steps: list[Entry], path: list[str]) -> None:
    """A Failure when setting the path would change, or hide, what other parts of the document say."""
    _refuse_shared(document, steps, path)
    _refuse_merged(document, steps, path)


def _refuse_shared(document: Document, steps: list[Entry], path: list[str]) -> None:
    for depth, entry in enumerate(steps, 1):
        alias = entry.value.tag == "!alias" and depth < len(path)
        if alias or id(entry.value) in document.shared:
            where = f"line {entry.key.start_mark.line + 1}: `{'.'.join(path)}`"
            raise Failure(f"{where} lies in a part that an anchor shares with others: write that part out")


def _refuse_merged(document: Document, steps: list[Entry], path: list[str]) -> None:
    """A map that we would make beside a merge key would hide the one that it brings, with all that is in it."""
    holder = steps[-1].value if steps else document.root
    if len(path) - len(steps) < 2 or not isinstance(holder, yaml.MappingNode):
        return
    line = document.merged(holder, path[len(steps)])
    if line:
        name = ".".join(path[: len(steps) + 1])
        raise Failure(f"line {line}: `{name}` comes from a merge key (`<<`): write `{name}` out, then run again")
