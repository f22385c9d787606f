"""What is set, but not in force: a service runs with something else in its environment, nginx sets it once more."""

from __future__ import annotations

import os
import re

from ..settings.appended_words import RUN
from ..settings.comparison import Finding
from ..system import files, paths, processes
from ..system.failure import Failure

NGINX = "/etc/bigbluebutton/nginx"
SITES = "/etc/nginx/sites-enabled/*"
_INCLUDE = re.compile(rf"\binclude\s+['\"]?{NGINX}/\*[^;]*;")
_ENVIRONMENT_FILE = re.compile(r"^EnvironmentFiles=(\S+) \(ignore_errors=", re.MULTILINE)
# What a later drop-in would have to say to take back what ours says without naming the variable.
_RESET = re.compile(r"^\s*(EnvironmentFile|ExecStartPre)\s*=\s*$", re.MULTILINE)


def overridden(remembered: dict) -> list[Finding]:
    """What somebody else has set otherwise, for the files of the records; `found` says where."""
    found = []
    for path, record in remembered.items():
        if "appends" in record:
            found += _environment(path, record["appends"])
        if path.startswith(f"{NGINX}/"):
            found += _variables(path)
    return found


def _environment(path: str, wanted: dict) -> list[Finding]:
    unit, name, words = wanted["unit"], wanted["variable"], wanted["words"]
    value = _value_in_process(unit, name)
    if value is None or _has(value, words):
        return []
    return [Finding(path, "overridden", name, " ".join(words), places(unit, name, path), unit)]


def _value_in_process(unit: str, name: str) -> str | None:
    """The variable as the unit's process has it; None when there is no process, and so nothing to tell."""
    pid = processes.run(["systemctl", "show", "-p", "MainPID", "--value", unit]).out.strip()
    if not pid.isdigit() or pid == "0":
        return None
    try:
        with open(paths.on_host(f"/proc/{pid}/environ"), "rb") as file:
            variables = file.read().decode("utf-8", "replace").split("\0")
    except OSError:
        return None
    return dict(variable.partition("=")[::2] for variable in variables).get(name, "")


def _has(value: str, words: list[str]) -> bool:
    """Whether all words are there, and no later one says otherwise about the same (`-Dkey=…`)."""
    last = {word.partition("=")[0]: word for word in value.split()}
    return all(last.get(word.partition("=")[0]) == word for word in words)


def places(unit: str, name: str, ours: str) -> str:
    """The files of a unit, but ours, that speak of a variable, or take back what other files of the unit say."""
    shown = processes.run(["systemctl", "show", "-p", "FragmentPath,DropInPaths,EnvironmentFiles", unit]).out
    said = dict(line.partition("=")[::2] for line in shown.splitlines() if "=" in line)
    units = [said.get("FragmentPath", ""), *said.get("DropInPaths", "").split()]
    candidates = [*units, *_ENVIRONMENT_FILE.findall(shown)]
    others = [path for path in candidates if path.startswith("/") and path != ours and not path.startswith(RUN)]
    found = [path for path in others if _speaks(path, name)]
    return " and ".join(dict.fromkeys(found)) or f"`systemctl cat {unit}`"


def _speaks(path: str, name: str) -> bool:
    text = _text(path)
    assigned = re.search(rf"^[^#;\n]*\b{re.escape(name)}=", text, re.MULTILINE)
    return bool(assigned or (path.endswith(".conf") and _RESET.search(text)))


def _text(path: str) -> str:
    try:
        found = files.read(path)
    except (Failure, OSError):
        return ""
    return found.content.decode("utf-8", "replace") if found else ""


def _variables(path: str) -> list[Finding]:
    """Variables that our file sets, and a file that nginx reads later, or the site behind it, sets otherwise."""
    ours, findings = _assignments(_directives(_text(path))), []
    later = [(other, _assignments(_directives(_text(other)))) for other in _later(path)]
    sites = [(site, _directives(files.text(site))) for site in files.matching(SITES)]
    later += [(site, _assignments(text, found.end())) for site, text in sites for found in _INCLUDE.finditer(text)]
    for other, assignments in later:
        for name, (value, line) in assignments.items():
            if name in ours and value != ours[name][0]:
                findings.append(Finding(path, "overridden", name, ours[name][0], f"{other}, line {line}", "nginx"))
    return findings


def _later(path: str) -> list[str]:
    folder = paths.on_host(NGINX)
    names = sorted(os.listdir(folder)) if os.path.isdir(folder) else []
    return [f"{NGINX}/{name}" for name in names if name.endswith(".nginx") and name > os.path.basename(path)]


def _directives(text: str) -> str:
    """A text without its remarks, with everything else where it was."""
    return re.sub(r"(?m)(?:^|(?<=\s))#.*$", lambda remark: " " * len(remark.group()), text)


def _assignments(text: str, start: int = 0) -> dict[str, tuple[str, int]]:
    """Variables set from a position on for the whole server, and so in no braces: name → value and line."""
    found, depth = {}, 0
    directive = re.compile(r"[{}]|\bset\s+(\$\w+)\s+('[^']*'|\"[^\"]*\"|[^\s;]+)\s*;")
    for match in directive.finditer(text, start):
        if match.group(1) and depth == 0:
            found[match.group(1)] = (match.group(2).strip("'\""), text.count("\n", 0, match.start()) + 1)
        depth += {"{": 1, "}": -1}.get(match.group(), 0)
        if depth < 0:
            break
    return found
