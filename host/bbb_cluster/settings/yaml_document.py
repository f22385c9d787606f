"""A YAML file with the places of its parts in the text, as PyYAML's compose() reports them."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

import yaml

from ..system.failure import Failure
from .lines import number_at
from .yaml_scanner import Scanner

_NULL = "tag:yaml.org,2002:null"
_MERGE = "tag:yaml.org,2002:merge"


class _Composer(Scanner):
    """compose() that keeps aliases as leaves and remembers which nodes are used more than once."""

    def __init__(self, text: str):
        super().__init__(text)
        self.shared = set()
        self.targets = {}

    def compose_node(self, parent, index):
        if not self.check_event(yaml.AliasEvent):
            return super().compose_node(parent, index)
        event = self.peek_event()
        target = super().compose_node(parent, index)
        self.shared.add(id(target))
        alias = yaml.ScalarNode("!alias", event.anchor, event.start_mark, event.end_mark)
        self.targets[id(alias)] = target
        return alias


@dataclass(frozen=True)
class Entry:
    """One key of a mapping: text positions behind its colon and behind its value."""

    key: yaml.Node
    value: yaml.Node
    colon: int
    end: int


@dataclass(frozen=True)
class Document:
    """The text, its root node (None when empty), the nodes that aliases point to, and where each alias leads."""

    text: str
    root: yaml.Node | None
    shared: frozenset[int]
    targets: dict[int, yaml.Node]

    def find(self, mapping: yaml.Node, name: str) -> Entry | None:
        """The entry that readers see for a key (the last one wins)."""
        for key, value in reversed(mapping.value):
            if isinstance(key, yaml.ScalarNode) and key.value == name:
                colon = re.compile(r"\s*:").match(self.text, key.end_mark.index)
                if not colon:
                    raise Failure(f"line {key.start_mark.line + 1} has a key without a colon: write `{name}:` there")
                return Entry(key, value, colon.end(), max(end_of(self.text, value), colon.end()))
        return None

    def merged(self, mapping: yaml.Node, name: str) -> int | None:
        """The line of a merge key (`<<`) that gives a mapping this key; None when there is none."""
        for key, value in mapping.value:
            if key.tag != _MERGE:
                continue
            for source in value.value if isinstance(value, yaml.SequenceNode) else [value]:
                target = self.targets.get(id(source), source)
                if isinstance(target, yaml.MappingNode) and (
                    self.find(target, name) or self.merged(target, name) is not None
                ):
                    return key.start_mark.line + 1
        return None

    def steps(self, path: list[str]) -> list[Entry]:
        """The entries along a path, as far as they exist."""
        found, node = [], self.root
        for name in path:
            if not isinstance(node, yaml.MappingNode):
                break
            entry = self.find(node, name)
            if not entry:
                break
            found.append(entry)
            node = entry.value
        return found


@functools.lru_cache(maxsize=128)
def parse(text: str) -> Document:
    """Composes one document; a Failure names the line that is not YAML."""
    try:
        composer = _Composer(text)
        root = composer.get_single_node()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"line {mark.line + 1}: " if mark else ""
        problem = " ".join(filter(None, [error.context, error.problem]))
        raise Failure(f"not valid YAML, {where}{problem}") from None
    except yaml.reader.ReaderError as error:
        line = number_at(text, error.position)
        raise Failure(f"not valid YAML, line {line}: a character that YAML does not allow") from None
    except (yaml.YAMLError, RecursionError) as error:
        raise Failure(f"not valid YAML: {' '.join(str(error).split())}") from None
    if root is not None and not isinstance(root, yaml.MappingNode) and not is_null(root):
        raise Failure("expected a map of settings at the top, got a list or a single value")
    return Document(text, root, frozenset(composer.shared), composer.targets)


def is_null(node: yaml.Node) -> bool:
    """Whether a node says nothing: `key:`, `null` or `~`."""
    return isinstance(node, yaml.ScalarNode) and node.tag == _NULL


def end_of(text: str, node: yaml.Node) -> int:
    """Where a node's own text ends: without the comments and blank lines that its end mark may include."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return end_of(text, last[1] if isinstance(last, tuple) else last)
    end = node.end_mark.index
    if isinstance(node, yaml.ScalarNode) and node.style in ("|", ">"):
        block = text[node.start_mark.index : end]
        # `|+` keeps the blank lines behind it; its last line break still is the end of the line.
        keeps = re.search(r"[|>]\d?\+", block.splitlines()[0])
        shorter = re.sub(r"(\r\n|\n|\r)\Z", "", block) if keeps else block.rstrip()
        end = node.start_mark.index + len(shorter)
    return end


def tree(node: yaml.Node | None) -> object:
    """What a node says, for comparison: maps by key text, lists, and scalars with their type."""
    if node is None or is_null(node):
        return None
    if isinstance(node, yaml.MappingNode):
        return {k.value if isinstance(k, yaml.ScalarNode) else repr(tree(k)): tree(v) for k, v in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [tree(item) for item in node.value]
    return (node.tag, node.value)


def line_end(text: str, position: int) -> int:
    """The position behind the line break that ends the line at a position."""
    return re.compile(r"[^\r\n]*(?:\r\n|\n|\r|\Z)").match(text, position).end()


def indentation(node: yaml.Node | None) -> int:
    """The number of spaces that a document indents nested maps by; 2 when it has none."""
    if isinstance(node, yaml.MappingNode) and not node.flow_style:
        for key, value in node.value:
            if isinstance(value, yaml.MappingNode) and not value.flow_style:
                return max(1, value.value[0][0].start_mark.column - key.start_mark.column)
    return 2
