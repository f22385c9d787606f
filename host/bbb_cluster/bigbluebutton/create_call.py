"""Which meetings a `create` names: its parameters as bbb-web gets them, from the query and from a form."""

from __future__ import annotations

from email import message_from_bytes, policy
from urllib.parse import parse_qsl

FORM, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"


def meeting_ids(query: str, content_type: str, body: bytes) -> set[str] | None:
    """All ids that are given as `meetingID`, decoded; None when that cannot be told. Any other body is a document."""
    head = message_from_bytes(_head(content_type))
    kind = head.get_content_type()
    if kind in (FORM, MULTIPART) and head.get_content_charset("utf-8") not in ("utf-8", "utf8"):
        return None
    pairs = parse_qsl(query, keep_blank_values=True)
    if kind == FORM:
        pairs += parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)
    elif kind == MULTIPART:
        parts = _parts(content_type, body)
        if parts is None:
            return None
        pairs += parts
    # Releases before the validation of ids took outer whitespace away; later ones refuse such an id.
    return {value.strip() for name, value in pairs if name.strip() == "meetingID"}


def _head(content_type: str) -> bytes:
    return f"Content-Type: {content_type}\r\n\r\n".encode("latin-1", "replace")


def _parts(content_type: str, body: bytes) -> list[tuple[str, str]] | None:
    form = message_from_bytes(_head(content_type) + body, policy=policy.HTTP)
    if not form.is_multipart() or form.defects:
        return None
    found = []
    for part in form.iter_parts():
        # Servlets read a part as it is.
        del part["Content-Transfer-Encoding"]
        name = part.get_param("name", "", "content-disposition")
        found.append((str(name), (part.get_payload(decode=True) or b"").decode("utf-8", "replace")))
    return found
