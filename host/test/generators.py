"""Arbitrary files, from a seeded source, so that a failure can be repeated."""

import random

WORDS = ["app", "media", "kurento", "basename", "wsUrl", "pads", "url", "x1", "notes", "clientLog"]
VALUES = ["1", "true", "'it''s'", '"q: \\" #x"', "plain text", "https://a.example.com/b?c=d", "~", "", "0o17", "é 😀"]


def wanted_settings(source: random.Random) -> dict:
    """Dotted paths of which none contains another, with JSON values."""
    wanted = {}
    for _ in range(source.randint(1, 5)):
        path = ".".join(source.choice(WORDS) for _ in range(source.randint(1, 4)))
        if not any(path == o or path.startswith(o + ".") or o.startswith(path + ".") for o in wanted):
            values = ["/bbb-01/html5client", "wss://b/x?y=#z", "yes", 'q"\\\n\té😀', "", True, 3, None, ["a", {"b": 1}]]
            values += [{"a b": {"c": [1.5, None]}, "d": "e"}, {}, []]
            wanted[path] = source.choice(values)
    return wanted


def yaml_text(source: random.Random) -> str:
    """A YAML document: comments, blank lines, nesting, flow maps, block scalars, lists, duplicates, odd ends."""
    line_break = source.choice(["\n", "\n", "\r\n"])
    head = source.choice([[], [], ["# head"], ["---"], ["", "# head", ""]])
    if source.random() < 0.1:
        body = source.choice([[], ["null"], ["{}"], ["~"], ["{app: {url: 1}, media: [1, 2]}"]])
    else:
        body = _map(source, 0, source.choice([2, 2, 4, 3]), 0)
    text = line_break.join(head + body)
    text += source.choice([line_break, line_break, "", line_break * 3, f"{line_break}# end"])
    return source.choice(["", "", "", "\ufeff"]) + text


def _map(source, column, step, depth):
    lines = []
    for name in source.sample(WORDS, source.randint(1, 4)):
        lines += _noise(source, column)
        key = " " * column + source.choice([name, name, name, f'"{name}"', f"{name} "]) + ":"
        kind = source.random()
        if kind < 0.35 and depth < 3:
            lines += [key + _comment(source), *_map(source, column + step, step, depth + 1)]
        elif kind < 0.45:
            flow = source.choice(["{}", "{ }", "{url: 1, 'app': {x1: a}}", "[a, {b: c}]", "{url: 'x' , pads: }"])
            lines.append(f"{key} {flow}{_comment(source)}")
        elif kind < 0.52:
            inner = " " * (column + step)
            lines += [f"{key} {source.choice(['|', '>-', '|+'])}", inner + "some: text # no comment", "", inner + "end"]
            lines += source.choice([[], [""]])
        elif kind < 0.6:
            indent = " " * (column + source.choice([0, step]))
            lines += [
                key + _comment(source),
                indent + "- a" + _comment(source),
                indent + "- url: b",
                indent + "  x1: c",
            ]
        else:
            lines.append(f"{key} {source.choice(VALUES)}{_comment(source)}")
        if source.random() < 0.05:
            lines.append(" " * column + f"{name}: again")
    return lines


def _comment(source):
    return source.choice(["", "", "", "   # remark: a"])


def _noise(source, column):
    return source.choice([[], [], [], [""], [" " * column + "# app: 1"], ["# left", ""], ["   "]])


def wanted_properties(source: random.Random) -> dict:
    """Keys with texts."""
    values = ["https://b/x?y=#z", "", " two  blanks ", "a\\b\n\tc", "é😀", ":=#!", "${x}", "trailing\\"]
    return {source.choice(KEYS): source.choice(values) for _ in range(source.randint(1, 5))}


KEYS = ["a", "securitySalt", "b.c.d", "key with = blank", "ü", "defaultURL", "#odd"]
RAW_KEYS = ["a", "securitySalt", "b.c.d", r"key\ with\ \=\ blank", r"\u00fc", "defaultURL", r"\#odd", "foreign"]


def properties_text(source: random.Random) -> str:
    """A properties file: all separators, comments, continuations, escapes, duplicates, odd ends."""
    line_break = source.choice(["\n", "\n", "\r\n", "\r"])
    lines = []
    for _ in range(source.randint(0, 8)):
        key, separator = source.choice(RAW_KEYS), source.choice(["=", "=", " = ", ": ", " ", "\t"])
        value = source.choice(["1", "", "a b", r"x\ty\u0041\uD83D\uDE00", "é", "\\\\", "${a}", "#no", "\x85\u2028\x0b"])
        if source.random() < 0.2:
            value += (
                "\\" + line_break + source.choice(["   more", "more\\" + line_break + "\tstill", "# no comment", ""])
            )
        noise = source.choice([None, None, "# remark\\", "! a=1", "", "  \t", "  # far"])
        lines += ([noise] if noise is not None else []) + [source.choice(["", "", "  "]) + key + separator + value]
    text = line_break.join(lines)
    return text + source.choice([line_break, line_break, "", line_break * 2, "\\" if lines else ""])


def wanted_json(source: random.Random) -> dict:
    """Members with JSON values."""
    values = [["https://bbb.example.com"], "", 'q"\\\n\té😀', True, 3, None, {"b": [1.5, {}]}, {}]
    names = ["cluster_proxies", "loglevel", "a.b", "", "é😀", 'q"']
    return {source.choice(names): source.choice(values) for _ in range(source.randint(1, 4))}


def json_text(source: random.Random) -> str:
    """A file of one JSON object: all layouts, duplicates, escapes, nesting, no file to speak of."""
    if source.random() < 0.1:
        return source.choice(["", "\n", " \n"])
    line_break = source.choice(["\n", "\n", "\r\n", ""])
    indent = source.choice(["  ", "\t", ""])
    names = ['"cluster_proxies"', '"loglevel"', '"a.b"', '""', r'"\u00e9\ud83d\ude00"', '"x"', '"{"', '"q\\""']
    values = ["[]", '["a", "b,}"]', "1.50", "-0", "1e3", "true", "null", '"DEBUG"', r'"\u0041\"}"', '{"x": {"y": [1]}}']
    space = source.choice(["", " ", "  "])
    members = [
        f"{source.choice(names)}{source.choice(['', space])}:{space}{source.choice(values)}{source.choice(['', space])}"
        for _ in range(source.randint(0, 6))
    ]
    inside = f",{line_break}{indent}".join(members)
    if source.random() < 0.7:
        inside = f"{line_break}{indent}{inside}{line_break}"
    return f"{source.choice(['', line_break, ' '])}{{{inside}}}{source.choice(['', line_break, line_break * 2])}"


def wanted_env(source: random.Random) -> dict:
    """Variables with texts."""
    values = ["https://b/x?y=#z", "", " two  blanks ", 'a\\b"c$d`e', "it's", "é😀", "tab\there", "trailing\\"]
    return {source.choice(["CORS", "JDK_JAVA_OPTIONS", "_x1"]): source.choice(values) for _ in range(3)}


def env_text(source: random.Random, dollar: str = "$") -> str:
    """A file of NAME=value: quotes, escapes, continuations, comments, what is no assignment, odd ends."""
    line_break = source.choice(["\n", "\n", "\r\n"])
    lines = []
    for _ in range(source.randint(0, 8)):
        name = source.choice(["CORS", "JDK_JAVA_OPTIONS", "_x1", "ENV", "HEAP "])
        value = source.choice(
            [
                "1",
                "",
                "a b  ",
                '"q # x"',
                "'s \\'",
                '"a\\"b\\c"',
                "a\\ b",
                "a'b\"c",
                '"x" y',
                "é",
                " =",
                f"a{dollar}b",
                "#no",
            ]
        )
        if source.random() < 0.2:
            value += source.choice([" \\" + line_break + "more", '"two' + line_break + 'lines"', "\\"])
        noise = source.choice([None, None, "# remark", "; A=1", "", "  \t", "no assignment", "# goes on\\"])
        lines += ([noise] if noise is not None else []) + [source.choice(["", "", " \t"]) + name + "=" + value]
    text = line_break.join(lines)
    return text + source.choice([line_break, line_break, "", line_break * 2, "\\" if lines else ""])
