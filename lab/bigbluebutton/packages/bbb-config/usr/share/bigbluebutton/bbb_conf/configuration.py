"""What is configured on this server, and the edits that bbb-conf makes to it."""

import os
import re
import secrets

from bbb_common import properties
from bbb_common.places import place

PACKAGED = place("/usr/share/bbb-web/WEB-INF/classes/bigbluebutton.properties")
OVERRIDE = place("/etc/bigbluebutton/bbb-web.properties")
AKKA = place("/etc/bigbluebutton/bbb-apps-akka.conf")
RECORDING = place("/usr/local/bigbluebutton/core/scripts/bigbluebutton.yml")
SITE = place("/etc/nginx/sites-available/bigbluebutton")
RELEASE = place("/etc/bigbluebutton/bigbluebutton-release")
WANTED_UNITS = place("/usr/lib/systemd/system/bigbluebutton.target.wants")


def web_properties():
    """bbb-web's properties in force, as they are written: what is wrong with another key does not matter here."""
    return {**properties.parse(read(PACKAGED)), **properties.parse(read(OVERRIDE))}


def units():
    """The services of this server, nginx first."""
    return ["nginx"] + sorted(name.removesuffix(".service") for name in os.listdir(WANTED_UNITS))


def release():
    """The installed release, e.g. 3.0.30."""
    return re.search(r"^BIGBLUEBUTTON_RELEASE=(\S+)", read(RELEASE), re.MULTILINE)[1]


def server_name():
    """The host in nginx's site, None when there is none."""
    match = re.search(r"^\s*server_name\s+([^\s;]+)", read(SITE), re.MULTILINE)
    return match[1] if match else None


def protocol():
    """`https` once nginx's site serves TLS, itself or behind haproxy."""
    return "https" if re.search(r"listen .*\bssl\b|real_scheme \"https\"", read(SITE)) else "http"


def read(path):
    """The text of a file, empty when it is missing."""
    if not os.path.exists(path):
        return ""
    with open(path, encoding="utf-8") as file:
        return file.read()


def set_property(path, key, value):
    """Sets one property by line and leaves every other line as it is; appends the key when it is missing."""
    text = read(path)
    line = re.compile(rf"^{re.escape(key)}=.*$", re.MULTILINE)
    if line.search(text):
        text = line.sub(lambda _: f"{key}={value}", text)
    else:
        text += ("" if text == "" or text.endswith("\n") else "\n") + f"{key}={value}\n"
    rewrite(path, text)


def substitute(path, pattern, replacement):
    """Replaces `pattern` (a regular expression over single lines) in a file that exists; \\1 keeps the first group."""
    text = read(path)
    if text:
        rewrite(path, re.sub(pattern, lambda match: match[1] + replacement, text, flags=re.MULTILINE))


def rewrite(path, text):
    """Writes in place, so that owner and mode stay."""
    if text != read(path):
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)


def set_host(host):
    """Writes the host, and the secret if there is none yet, into every file that names them."""
    url = f"{protocol()}://{host}"
    override = properties.parse(read(OVERRIDE))
    set_property(OVERRIDE, "bigbluebutton.web.serverURL", url)
    secret = override.get("securitySalt") or web_properties().get("securitySalt") or secrets.token_urlsafe(30)
    if override.get("securitySalt") != secret:
        set_property(OVERRIDE, "securitySalt", secret)
    substitute(AKKA, r"^(\s*bbbWebAPI\s*=\s*).*$", f'"{url}/bigbluebutton/api"')
    substitute(AKKA, r"^(\s*sharedSecret\s*=\s*).*$", f'"{secret}"')
    substitute(RECORDING, r"^(playback_host: ).*$", host)
    substitute(RECORDING, r"^(playback_protocol: ).*$", protocol())
    substitute(SITE, r"^(\s*server_name\s+)[^;]*;$", f"{host};")


def set_default_logout_url():
    """Any call of bbb-conf gives an empty logout URL its default."""
    if os.path.exists(OVERRIDE) and not properties.parse(read(OVERRIDE)).get("bigbluebutton.web.logoutURL"):
        set_property(OVERRIDE, "bigbluebutton.web.logoutURL", "default")
