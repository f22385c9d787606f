"""Progress for the operator: short lines on standard error, without secrets."""

import re
import sys

# A line of 64 KiB hangs the plugin that reads us.
LONGEST = 900
_hidden = set()
_SECRET = re.compile(
    r"""(?i)((?:secret|salt|password|passwd|token|api[-_]?key)["']?\s*[:=]\s*)("[^"]*"|'[^']*'|[^\s&"']+)"""
)


def hide(secret: str) -> None:
    """Keeps a secret out of everything that is reported from now on."""
    if secret:
        _hidden.add(secret)


def clean(text: str) -> str:
    """The text on one line, at most 900 characters, with secrets and control characters taken out."""
    for secret in _hidden:
        text = text.replace(secret, "***")
    text = _SECRET.sub(r"\1***", text)
    text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text)
    text = "".join(c if c.isprintable() else " " for c in text).strip()
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _show(line: str) -> None:
    # A reader that went away does not stop the work.
    try:
        sys.stderr.buffer.write((line + "\n").encode("utf-8", "replace"))
        sys.stderr.buffer.flush()
    except (OSError, ValueError):
        pass


# Tests put their own function here.
show = _show


def report(line: str) -> None:
    """Shows one line at once."""
    show(clean(line))
