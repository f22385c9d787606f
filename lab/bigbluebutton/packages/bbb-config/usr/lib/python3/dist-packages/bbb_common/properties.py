"""Java's .properties files, as bbb-web reads them: later files win, `${other.key}` is replaced by that key's value."""

import os
import re

_SEPARATOR = re.compile(r"(?P<key>(?:\\.|[^\\=:\s])*)\s*[=:]?\s*(?P<value>.*)", re.DOTALL)
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|u|.)", re.DOTALL)
_PLACEHOLDER = re.compile(r"\$\{([^{}]+)\}")
_CONTROL = {"t": "\t", "n": "\n", "r": "\r", "f": "\f"}


def parse(text):
    """The keys and values of a .properties text; ValueError for a malformed \\u escape, as in Java."""
    values = {}
    for line in _logical_lines(text):
        match = _SEPARATOR.fullmatch(line)
        values[_unescape(match["key"])] = _unescape(match["value"])
    return values


def load(*paths, **given):
    """The merged, interpolated properties of the files that exist; KeyError names a placeholder without a value."""
    values = {key.replace("_", "."): value for key, value in given.items()}
    for path in paths:
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                values.update(parse(file.read()))
    return {key: interpolate(key, values) for key in values}


def interpolate(key, values, seen=()):
    """The value of `key` with every `${…}` in it replaced."""
    if key in seen:
        raise KeyError(f"circular placeholder reference '{key}' in property definitions")

    def replace(match):
        other = match[1]
        if other not in values:
            raise KeyError(f"could not resolve placeholder '{other}' in value \"{values[key]}\"")
        return interpolate(other, values, (*seen, key))

    return _PLACEHOLDER.sub(replace, values[key])


def _logical_lines(text):
    """Lines without comments and blanks; a line that ends in an odd number of backslashes goes on in the next."""
    pending = ""
    for raw in re.split(r"\r\n|\r|\n", text):
        line = raw.lstrip(" \t\f")
        if not pending and (not line or line[0] in "#!"):
            continue
        backslashes = len(line) - len(line.rstrip("\\"))
        if backslashes % 2:
            pending += line[:-1]
            continue
        yield pending + line
        pending = ""
    if pending:
        yield pending


def _unescape(text):
    def replace(match):
        body = match[1]
        if body == "u":
            raise ValueError("malformed \\uxxxx encoding")
        return chr(int(body[1:], 16)) if body[0] == "u" and len(body) == 5 else _CONTROL.get(body, body)

    return _ESCAPE.sub(replace, text)
