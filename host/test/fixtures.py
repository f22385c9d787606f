"""Files as they lie on a BigBlueButton 3.0 node, and a manifest for them."""

PROPERTIES = "/etc/bigbluebutton/bbb-web.properties"
HTML5 = "/etc/bigbluebutton/bbb-html5.yml"
MIDDLEWARE = "/etc/bigbluebutton/bbb-graphql-middleware.yml"
NGINX = "/etc/bigbluebutton/nginx/bbb-cluster.nginx"
DROP_IN = "/etc/systemd/system/bbb-web.service.d/50-cluster-proxy.conf"
ETHERPAD = "/etc/bigbluebutton/etherpad.json"
RELEASE = "/etc/bigbluebutton/bigbluebutton-release"

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
    """The files of one profile."""
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
        {"path": NGINX, "format": "text", "content": ["location = /x { return 204; }"], "restart": ["nginx"]},
        {
            "path": DROP_IN,
            "format": "text",
            "content": ["[Service]", 'Environment="JDK_JAVA_OPTIONS=-Da=b"'],
            "restart": ["daemon-reload", "bbb-web"],
        },
        {
            "path": ETHERPAD,
            "format": "json",
            "content": ["{", '  "cluster_proxies": ["https://bbb.example.com"]', "}"],
            "mode": "0640",
            "owner": "root:etherpad",
            "restart": ["etherpad"],
        },
    ]


def manifest(wanted=None):
    """A manifest with one profile."""
    return {
        "release": "3.0",
        "profiles": [{"from": "3.0.28", "before": None, "files": files() if wanted is None else wanted}],
        "restartAll": ["systemctl daemon-reload", "bbb-conf --restart"],
    }
