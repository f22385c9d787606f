"""Replies of the API as XML: dicts become elements, lists repeat their element."""

from xml.sax.saxutils import escape


def to_xml(tag, value):
    """The element `tag` with the content `value` (dict, list of (tag, value), or a scalar)."""
    if isinstance(value, dict):
        value = list(value.items())
    if isinstance(value, list):
        inner = "".join(to_xml(name, item) for name, item in value)
        return f"<{tag}>{inner}</{tag}>" if inner else f"<{tag}/>"
    text = str(value).lower() if isinstance(value, bool) else escape(str(value))
    return f"<{tag}>{text}</{tag}>"
