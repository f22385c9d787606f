"""Larger files in the shapes of BigBlueButton's own packages, and of what administrators make of them."""

SETTINGS_YML = """\
public:
  app:
    instanceId: ''
    # You may override mobileFontSize and desktopFontSize using userdata-parameters
    mobileFontSize: 16px
    desktopFontSize: 14px
    audioChatNotification: false
    autoJoin: true
    skipCheck: false
    # there are some elements on Chrome and Firefox that only react when muted: true
    basename: '/html5client'
    bbbWebBase: '/bigbluebutton'
    learningDashboardBase: '/learning-analytics-dashboard'
    customStyleUrl: null
    darkTheme: {enabled: true}
    # Default userSettingsStorage is session, a cluster with a reverse proxy in front wants local
    userSettingsStorage: session
    defaultSettings:
      application:
        selectedThumbnail: false
        fallbackLocale: en
        overrideLocale: null
        #Audio
        guestWaitAnimation:
      audio: &audio
        inputDeviceId: undefined
        outputDeviceId: undefined
      audioAgain: *audio
    shortcuts:
      openOptions:
        accesskey: O
        descId: openOptions
      toggleUserList: {accesskey: U, descId: toggleUserList}
    branding:
      displayBrandingArea: false
    connectionTimeout: 60000
    effectsRange:   [0, 100]   # percent
  externalVideoPlayer:
    enabled: true
  kurento:
    wsUrl: HOST
    cameraProfiles:
    # id: unique identifier of the profile
    # name: name of the profile visible to users
    - id: low-u30
      name: low-u30
      bitrate: 30
      hidden: true
      constraints:
        frameRate: 3
    -
      id: high
      bitrate: 500
      constraints: { width: 1280,
                     height: 720 }
  media:
    audio:
      defaultFullAudioBridge: fullaudio
    stunTurnServersFetchAddress: "/bigbluebutton/api/stuns"
    cacheStunTurnServers: true
    fallbackStunServer: ''
    sip_ws_host: ''
    livekit:
      # url: wss://example
  presentation:
    uploadEndpoint: '/bigbluebutton/presentation/upload'
    uploadValidMimeTypes:
      - extension: .pdf
        mime: application/pdf
      - extension: .docx
        mime: >-
          application/vnd.openxmlformats-officedocument
          .wordprocessingml.document
  pads:
    url: ETHERPAD_HOST
    cookie:
      path: /
  note: |
    # no comment
      indented

    end
private:
  analytics: {includeChat: true}
  "quoted key": 'it''s'
  ? complex
  : value
  date: 2026-11-01
  octal: 0755
  dup: 1
  dup: 2
"""

BBB_WEB = """\
#
# BigBlueButton open source conferencing system - http://www.bigbluebutton.org/
#
# These are the default properties for BigBlueButton Web application

# Default loglevel.
appLogLevel=DEBUG

#----------------------------------------------------
# Directory where BigBlueButton stores uploaded slides
presentationDir=/var/bigbluebutton
  ! indented remark = no setting
swfToolsDir : /usr/bin
numConversionThreads = 5
maxFileSizeUpload\t30000000
noPdfMarkWorkaround=/etc/bigbluebutton/nopdfmark.ps
defaultWelcomeMessage=Welcome to <b>%%CONFNAME%%</b>!<br><br>For help on using BigBlueButton see these \\
  (short) <a href="https://www.bigbluebutton.org/html5"><u>tutorial videos</u></a>.\\
  <br><br>\\u00dcbung: a\\=b
defaultWelcomeMessageFooter=
defaultDialAccessNumber=613-555-1234
bigbluebutton.web.serverURL=https://bigbluebutton.example.com
securitySalt=sa|t$with#odd!chars==
supportedChecksumAlgorithms=sha1,sha256,sha384,sha512
presentationBaseURL=${bigbluebutton.web.serverURL}/bigbluebutton/presentation
graphqlWebsocketUrl=${bigbluebutton.web.serverURL}/graphql
graphqlApiUrl:${bigbluebutton.web.serverURL}/api/rest
accessControlAllowOrigin=${bigbluebutton.web.serverURL}
defaultHTML5ClientUrl=${bigbluebutton.web.serverURL}/html5client/
path\\ with\\ blanks=C:\\\\Temp\\\\x
presentationBaseURL=https://second.example.com/presentation
empty
bigbluebutton.web.logoutURL=default
"""

NGINX = {
    "/usr/share/bigbluebutton/include_default.nginx": "include /usr/share/bigbluebutton/nginx/*.nginx;\n",
    "/usr/share/bigbluebutton/nginx/bbb-html5.nginx": "include /usr/share/bigbluebutton/nginx/bbb-html5.nginx.static;",
    "/usr/share/bigbluebutton/nginx/bbb-html5.nginx.static": (
        "location /html5client {\n\tgzip_static on;\n\talias /usr/share/bigbluebutton/html5-client/;\n"
        "\tindex index.html;\n\ttry_files $uri $uri/ =404;\n}\n"
    ),
    "/etc/bigbluebutton/nginx/branding.nginx": "location = /logo.svg { alias /srv/logo.svg; } # ours\r\n",
    "/etc/bigbluebutton/bbb-conf/apply-config.sh": "#!/bin/bash\nsource /etc/bigbluebutton/bbb-conf/apply-lib.sh\n",
    "/etc/default/bbb-web": 'ENV=prod\nJDK_JAVA_OPTIONS="-Dx=y"\n',
    "/etc/systemd/system/bbb-web.service.d/override.conf": "[Service]\nLimitNOFILE=8192\n",
    "/etc/bigbluebutton/turn-stun-servers.xml": "<beans>\n  <!-- secret=x -->\n</beans>",
}


def shapes(text):
    """The same file with other line ends, an odd end, a byte order mark, more remarks."""
    yield text
    yield text.rstrip("\n")
    yield text.replace("\n", "\r\n")
    yield text.replace("\n", "\r\n").rstrip("\r\n")
    yield text + "\n\n\n# the end, without a line break"
    yield "\n\n" + text + "\n   \n"


def html5_shapes():
    """bbb-html5.yml in all of them."""
    yield from shapes(SETTINGS_YML)
    yield "\ufeff" + SETTINGS_YML
    yield "---\n" + SETTINGS_YML + "...\n"
    yield "%YAML 1.1\n---\n" + SETTINGS_YML
    yield "# empty on a fresh machine\n"
    yield ""
    yield "public:\n  media:\n    sipjsHackViaWs: true\n"
    yield "defaults: &all\n  skipCheck: true\npublic:\n    app:\n        <<: *all\n        helpLink: x\n"
    yield "{public: {app: {skipCheck: true}, media: {}}}"


def properties_shapes():
    """bbb-web.properties in all of them."""
    yield from shapes(BBB_WEB)
    yield BBB_WEB + "last=one\\"
    yield BBB_WEB.replace("\n", "\r")
    yield ""
