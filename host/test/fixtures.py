"""Files as they lie on a BigBlueButton 3.0 node, and a request for them."""

import hashlib

PROPERTIES = "/etc/bigbluebutton/bbb-web.properties"
HTML5 = "/etc/bigbluebutton/bbb-html5.yml"
MIDDLEWARE = "/etc/bigbluebutton/bbb-graphql-middleware.yml"
NGINX = "/etc/bigbluebutton/nginx/bbb-cluster.nginx"
DROP_IN = "/etc/systemd/system/bbb-web.service.d/zz-bbb-cluster.conf"
ETHERPAD = "/etc/bigbluebutton/etherpad.json"
MAINTENANCE = "02:00-05:00 Europe/Berlin"
RELEASE = "/etc/bigbluebutton/bigbluebutton-release"
SCRIPT = b"#!/bin/bash\necho installing\n"

PROPERTIES_TEXT = """\
# Overrides of /usr/share/bbb-web/WEB-INF/classes/bigbluebutton.properties
#
bigbluebutton.web.serverURL=https://bbb-01.example.com
securitySalt=iLoVeSaLtYsEcReTs0123456789
! limits of this school
maxNumPages = 300
defaultWelcomeMessage=Welcome to <b>%%CONFNAME%%</b>!<br><br>\\
    Please mute your microphone.
presentationBaseURL=https://old.example.com/bigbluebutton/presentation
bigbluebutton.web.logoutURL=default"""

HTML5_TEXT = """\
# Branding of the university
public:
  app:
    clientTitle: "University of Example"   # keep
    helpLink: 'https://help.example.com/?a=b#c'
    # basename: /html5client
  media:
    sipjsHackViaWs: true
  kurento:
    wsUrl: wss://old.example.com/bbb-webrtc-sfu # by --setip
    cameraProfiles:
      - id: low
        bitrate: 100
      - {id: high, bitrate: 500}
private:
  notice: |
    two
    lines

# the end
"""


def files():
    """The files of a node; `set` stands for rows of settings that hold for every release."""
    return [
        {
            "path": PROPERTIES,
            "format": "properties",
            "set": {
                "defaultHTML5ClientUrl": "https://bbb.example.com/bbb-01/html5client/",
                "presentationBaseURL": "https://bbb-01.example.com/bigbluebutton/presentation",
            },
            "restart": ["bbb-web"],
        },
        {
            "path": HTML5,
            "format": "yaml",
            "set": {
                "public.app.basename": "/bbb-01/html5client",
                "public.media.livekit.url": "wss://bbb-01.example.com/livekit",
                "public.kurento.wsUrl": "wss://bbb-01.example.com/bbb-webrtc-sfu",
            },
            "restart": ["bbb-apps-akka"],
        },
        {
            "path": MIDDLEWARE,
            "format": "yaml",
            "set": {"server.authorized_cross_origin": "bbb.example.com"},
            "restart": ["bbb-graphql-middleware"],
        },
        {"path": NGINX, "content": ["location = /x { return 204; }"], "restart": ["nginx"]},
        {
            "path": DROP_IN,
            "content": ["[Service]", 'Environment="JDK_JAVA_OPTIONS=-Da=b"'],
            "restart": ["daemon-reload", "bbb-web"],
        },
        {
            "path": ETHERPAD,
            "format": "json",
            "set": {"cluster_proxies": ["https://bbb.example.com"]},
            "restart": ["etherpad"],
        },
    ]


def rows(wanted):
    """The files as a request has them."""
    found = []
    for file in wanted:
        plain = {name: value for name, value in file.items() if name != "set"}
        settings = [{"key": key, "value": value} for key, value in file.get("set", {}).items()]
        found.append({**plain, "settings": settings} if "set" in file else plain)
    return found


def manifest(wanted=None, **changes):
    """A request to configure a node, with these files."""
    return {
        "hostname": "bbb-01.example.com",
        "addresses": [],
        "email": "admin@example.com",
        "acmeDirectory": None,
        "caCertificates": [],
        "release": "3.0",
        "installer": {
            "url": "https://x.example.com/bbb-install.sh",
            "sha256": hashlib.sha256(SCRIPT).hexdigest(),
            "repository": "packages.example.com",
            "version": "jammy-300",
            "timeoutMinutes": 60,
        },
        "restart": "now",
        "maintenance": MAINTENANCE,
        "repair": "",
        "files": rows(files() if wanted is None else wanted),
        "proxyHostname": None,
        **changes,
    }
