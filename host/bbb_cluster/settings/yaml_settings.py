"""Single settings of a YAML file, by dotted path: set or put back with every other byte as it was."""

from __future__ import annotations

import yaml

from ..system.failure import Failure
from . import yaml_text
from .lines import line_break
from .yaml_document import (
    Document,
    Entry,
    end_of,
    indentation,
    is_null,
    line_end,
    parse,
    tree,
)
from .yaml_sharing import refuse_what_is_not_its_own


def holds(text: str, key: str, value: object) -> bool:
    """Whether a reader sees exactly this value."""
    path = key.split(".")
    steps = parse(text).steps(path)
    return len(steps) == len(path) and tree(steps[-1].value) == tree(parse_value(value))


def shown(text: str, key: str) -> str | None:
    """What stands there, for a human reader; None when the key is absent."""
    path = key.split(".")
    steps = parse(text).steps(path)
    return text[steps[-1].colon : steps[-1].end].strip() if len(steps) == len(path) else None


def parse_value(value: object) -> yaml.Node | None:
    """The node that a value becomes."""
    return parse("value: " + yaml_text.render(value, False)).steps(["value"])[0].value


def put(text: str, key: str, value: object, parents: dict) -> tuple[str, str | None]:
    """
    Sets a key; also returns the raw text behind the colon that stood there, or None. `parents` collects what
    stood behind the names of maps that had to be made (None: nothing), by dotted path.
    """
    document, path = parse(text), key.split(".")
    steps = document.steps(path)
    refuse_what_is_not_its_own(document, steps, path)
    if len(steps) == len(path):
        holder = steps[-2].value if len(steps) > 1 else document.root
        return _replace(text, holder, steps[-1], value), text[steps[-1].colon : steps[-1].end]
    for depth in range(len(steps) + 1, len(path)):
        parents[".".join(path[:depth])] = None
    names = path[len(steps) :]
    holder = steps[-1].value if steps else document.root
    if isinstance(holder, yaml.MappingNode):
        if not holder.value:
            # Made by somebody else since: it stays when we leave.
            parents.pop(".".join(path[: len(steps)]), None)
        return _insert(document, holder, names, value), None
    if not steps:
        return _start(document, names, value), None
    if not is_null(holder):
        raise Failure(f"expected a map at `{'.'.join(path[: len(steps)])}`, got a list or a single value")
    parents[".".join(path[: len(steps)])] = text[steps[-1].colon : steps[-1].end]
    return _fill(document, steps, names, value), None


def _replace(text: str, holder: yaml.MappingNode, entry: Entry, value: object) -> str:
    node = entry.value
    block_collection = isinstance(node, yaml.CollectionNode) and not node.flow_style
    empty = node.start_mark.index == node.end_mark.index
    start = entry.colon if block_collection or empty else node.start_mark.index
    space = " " if start == entry.colon else ""
    return text[:start] + space + yaml_text.render(value, holder.flow_style) + text[entry.end :]


def _insert(document: Document, mapping: yaml.MappingNode, names: list[str], value: object) -> str:
    text = document.text
    if mapping.flow_style:
        fresh = yaml_text.inline(names, value)
        if not mapping.value:
            brace = text.index("{", mapping.start_mark.index) + 1
            return text[:brace] + fresh + text[brace:]
        end = end_of(text, mapping.value[-1][1])
        return f"{text[:end]}, {fresh}{text[end:]}"
    # An anchor or a tag begins a map above its first line.
    first = mapping.value[0][0].start_mark
    column = (mapping.start_mark if mapping.start_mark.line == first.line else first).column
    return _add_lines(document, end_of(text, mapping), names, value, column)


def _start(document: Document, names: list[str], value: object) -> str:
    """The first setting of a document that is empty, or says only `null`."""
    text, root = document.text, document.root
    if root is None:
        return _add_lines(document, len(text), names, value, 0)
    start, end = root.start_mark.index, root.end_mark.index
    emptied = Document(text[:start] + text[end:], None, document.shared, document.targets)
    return _add_lines(emptied, start, names, value, 0)


def _fill(document: Document, steps: list[Entry], names: list[str], value: object) -> str:
    """The first setting of a map that was announced but empty: `app:` or `app: null`."""
    entry, text = steps[-1], document.text
    holder = steps[-2].value if len(steps) > 1 else document.root
    if holder.flow_style:
        return text[: entry.colon] + " {" + yaml_text.inline(names, value) + "}" + text[entry.end :]
    emptied = Document(text[: entry.colon] + text[entry.end :], document.root, document.shared, document.targets)
    column = entry.key.start_mark.column + indentation(document.root)
    return _add_lines(emptied, entry.colon, names, value, column)


def _add_lines(document: Document, position: int, names: list[str], value: object, column: int) -> str:
    text, ending = document.text, line_break(document.text)
    here = line_end(text, position)
    before = text[:here]
    if before.strip("\ufeff") and not before.endswith(("\n", "\r")):
        before += ending
    return before + yaml_text.block(names, value, column, indentation(document.root), ending) + text[here:]


def revert(text: str, key: str, raw: str | None, parents: dict) -> str:
    """Puts back what stood behind a key, or takes it away with the maps that were made for it and are empty now."""
    path = key.split(".")
    steps = parse(text).steps(path)
    if raw is not None:
        if len(steps) < len(path):
            text, _ = put(text, key, None, {})
            steps = parse(text).steps(path)
        return text[: steps[-1].colon] + raw + text[steps[-1].end :]
    return _remove(text, path, parents) if len(steps) == len(path) else text


def _remove(text: str, path: list[str], parents: dict) -> str:
    document = parse(text)
    steps = document.steps(path)
    maps = [document.root, *(step.value for step in steps)]
    depth = len(path)
    while depth > 1 and len(maps[depth - 1].value) == 1 and parents.get(".".join(path[: depth - 1]), "") is None:
        depth -= 1
    mapping, entry = maps[depth - 1], steps[depth - 1]
    lonely = len(mapping.value) == 1
    filled = parents.get(".".join(path[: depth - 1])) if depth > 1 else None
    if lonely and filled is not None and mapping.flow_style:
        return text[: steps[depth - 2].colon] + filled + text[steps[depth - 2].end :]
    text = _cut(text, mapping, entry)
    if lonely and depth > 1 and not mapping.flow_style:
        colon = steps[depth - 2].colon
        text = text[:colon] + parents.get(".".join(path[: depth - 1]), " {}") + text[colon:]
    return text


def _cut(text: str, mapping: yaml.MappingNode, entry: Entry) -> str:
    start, end = entry.key.start_mark.index, entry.end
    if not mapping.flow_style:
        first = max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1
        if text[first:start].strip(" \ufeff") not in ("", "?"):
            raise Failure(f"line {entry.key.start_mark.line + 1}: `{entry.key.value}` does not start its line")
        first += text.startswith("\ufeff", first)
        return text[:first] + text[line_end(text, end) :]
    keys = [key for key, _ in mapping.value]
    place = [id(key) for key in keys].index(id(entry.key))
    if place > 0:
        start = end_of(text, mapping.value[place - 1][1])
    elif len(keys) > 1:
        end = keys[1].start_mark.index
    return text[:start] + text[end:]


def foreign(text: str, keys: set[str]) -> object:
    """Everything that is not about these keys, for comparison; maps that are empty without them do not count."""
    document = parse(text)
    said = tree(document.root)
    for key in keys:
        said = _without(said, key.split("."))
    return None if is_empty_tree(said) else said


def is_empty_tree(said: object) -> bool:
    """Whether nothing is said."""
    return said is None or said == {}


def _without(said: object, path: list[str]) -> object:
    if not isinstance(said, dict) or path[0] not in said:
        return said
    inner = None if len(path) == 1 else _without(said[path[0]], path[1:])
    rest = {name: value for name, value in said.items() if name != path[0]}
    return rest if len(path) == 1 or is_empty_tree(inner) else {**rest, path[0]: inner}
