"""Documents that come with `create` or `insertDocument`: XML that holds files, or says where they are."""

import base64
import binascii
import urllib.request
import xml.etree.ElementTree

from bbb_web import presentations

_SECONDS = 10


def first(meeting, body):
    """The presentation that a new meeting begins with: the current document, or else the first; None without any."""
    return _presentation(meeting, _ordered(body))


def current(meeting, body):
    """The presentation that is shown from now on; None where no document says that it is the current one."""
    return _presentation(meeting, [each for each in _ordered(body) if _is_current(each)])


def _ordered(body):
    if not body.lstrip().startswith(b"<"):
        return []
    try:
        modules = xml.etree.ElementTree.fromstring(body)
    except xml.etree.ElementTree.ParseError as error:
        print(f"documents: {error}", flush=True)
        return []
    found = [each for module in modules if module.get("name") == "presentation" for each in module]
    return sorted(found, key=lambda each: not _is_current(each))


def _is_current(document):
    return document.get("current", "").lower() == "true"


def _presentation(meeting, documents):
    if not documents:
        return None
    document = documents[0]
    name = document.get("filename") or document.get("name") or (document.get("url") or "").rpartition("/")[2]
    try:
        content = _download(document.get("url")) if document.get("url") else base64.b64decode(document.text or "")
    except (OSError, ValueError, binascii.Error) as error:
        # As in BigBlueButton, whoever sent it hears nothing of this.
        print(f"document {name}: {error}", flush=True)
        return None
    return presentations.uploaded(meeting, name, content)


def _download(url):
    if not url.startswith(("http://", "https://")):
        raise ValueError("not an address of the web")
    with urllib.request.urlopen(url, timeout=_SECONDS) as answer:
        return answer.read()
