import unittest

import yaml

import fixtures
import support  # noqa: F401
import upstream
from bbb_cluster.settings import properties
from cluster_node import Node
from fixtures import HTML5, PROPERTIES
from programs import configure_node, drift

HOST = "https://bbb-01.example.com"
WEB = {
    "defaultHTML5ClientUrl": "https://bbb.example.com/bbb-01/html5client/",
    "presentationBaseURL": f"{HOST}/bigbluebutton/presentation",
    "accessControlAllowOrigin": "https://bbb.example.com",
    "graphqlWebsocketUrl": "wss://bbb-01.example.com/graphql",
    "graphqlApiUrl": f"{HOST}/api/rest",
}
CLIENT = {
    "public.app.basename": "/bbb-01/html5client",
    "public.app.bbbWebBase": f"{HOST}/bigbluebutton",
    "public.app.learningDashboardBase": f"{HOST}/learning-analytics-dashboard",
    "public.app.userSettingsStorage": "local",
    "public.media.stunTurnServersFetchAddress": f"{HOST}/bigbluebutton/api/stuns",
    "public.media.sip_ws_host": "bbb-01.example.com",
    "public.media.livekit.url": "wss://bbb-01.example.com/livekit",
    "public.kurento.wsUrl": "wss://bbb-01.example.com/bbb-webrtc-sfu",
    "public.presentation.uploadEndpoint": f"{HOST}/bigbluebutton/presentation/upload",
    "public.pads.url": f"{HOST}/pad",
    "public.sharedNotes.serverHostname": "bbb-01.example.com",
    "public.kurento.cameraProfiles": [{"id": "low", "bitrate": 50}],
}


def manifest():
    """The cluster's real settings for a node of 3.0, and an administrator's own list."""
    wanted = fixtures.files()
    wanted[0]["set"], wanted[1]["set"] = WEB, CLIENT
    return fixtures.manifest(wanted)


def said(text):
    """What a reader of YAML sees, by dotted path: maps opened, all else as it is."""
    flat = {}

    def open_map(value, path):
        if isinstance(value, dict) and path not in CLIENT:
            for key, inner in value.items():
                open_map(inner, f"{path}.{key}" if path else str(key))
            return
        flat[path] = value

    open_map(yaml.safe_load(text.lstrip("\ufeff")) or {}, "")
    return {path: value for path, value in flat.items() if value is not None}


class Upstream(Node):
    def setUp(self):
        super().setUp()
        for path, text in upstream.NGINX.items():
            self.put(path, text, 0o640)

    def each(self, path, shapes):
        """Applies and withdraws each shape of a file; yields it between, as text before and after."""
        for number, text in enumerate(shapes):
            self.put(path, text, 0o640)
            current = self.everything()
            with self.subTest(path=path, number=number):
                configure_node(manifest())
                applied = self.everything()
                yield text, self.get(path).decode()
                self.assertEqual(drift()["findings"], [])
                self.assertEqual(configure_node(manifest())["changed"], [])
                self.assertEqual(self.everything(), applied)
                for foreign in upstream.NGINX:
                    self.assertEqual(applied[foreign], current[foreign])
                configure_node(fixtures.manifest([]))
                self.assertEqual(self.everything(), current)

    def test_the_client_s_settings_survive_apply_and_withdraw(self):
        for before, after in self.each(HTML5, upstream.html5_shapes()):
            expected = {**said(before), **CLIENT}
            self.assertEqual(said(after), expected)
            # The list of camera profiles is replaced as a whole, with the remarks in it.
            kept = before.partition("    cameraProfiles:")[0] + before.partition("  media:\n")[2]
            remarks = [line for line in kept.splitlines() if line.strip().startswith("#")]
            self.assertEqual([line for line in remarks if line not in after], [])

    def test_the_server_s_settings_survive_apply_and_withdraw(self):
        for before, after in self.each(PROPERTIES, upstream.properties_shapes()):
            old = {pair.key: pair.value for pair in properties.parse(before)}
            new = {pair.key: pair.value for pair in properties.parse(after)}
            self.assertEqual(new, {**old, **WEB})
            for line in before.splitlines():
                if not line.startswith(tuple(WEB)) and line.strip("\\ "):
                    self.assertIn(line.rstrip("\\"), after)

    def test_line_ends_stay_as_they_are(self):
        for path, text in ((HTML5, upstream.SETTINGS_YML), (PROPERTIES, upstream.BBB_WEB)):
            self.put(path, text.replace("\n", "\r\n"))
            configure_node(manifest())
            content = self.get(path)
            self.assertEqual(content.count(b"\n"), content.count(b"\r\n"))
            configure_node(fixtures.manifest([]))


if __name__ == "__main__":
    unittest.main()
