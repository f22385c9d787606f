import socket
import threading
import unittest
from unittest import mock

import support  # noqa: F401
from bbb_cluster.system import curl, verified
from bbb_cluster.system.curl import Answer
from bbb_cluster.system.failure import Failure
from bbb_cluster.trial import audio
from bbb_cluster.trial.audio import Seat

SEAT = Seat("bbb-01.example.com", "https://bbb.example.com", "t0ken", "1A2B")
SWITCHED = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"
PING, PONG = b"\x89\x00", b'\x81\x0d{"id":"pong"}'


class Audio(unittest.TestCase):
    def listen(self, answer, livekit=404):
        ours, theirs = socket.socketpair()
        self.said = b""

        def serve():
            with theirs:
                while b"\r\n\r\n" not in self.said:
                    self.said += theirs.recv(4096)
                theirs.sendall(answer)
                self.frame = theirs.recv(4096)

        server = threading.Thread(target=serve, daemon=True)
        server.start()
        with (
            mock.patch.object(verified, "connect", return_value=ours),
            mock.patch.object(curl, "send", return_value=Answer(livekit, "", f"HTTP status {livekit}")),
        ):
            audio.listen(SEAT)
        server.join()

    def test_bbb_webrtc_sfu_is_asked_as_the_clients_page_asks_it(self):
        self.listen(SWITCHED + PING + PONG)
        head = self.said.decode().split("\r\n")
        self.assertEqual(head[0], "GET /bbb-webrtc-sfu?sessionToken=t0ken HTTP/1.1")
        for line in ("Host: bbb-01.example.com", "Origin: https://bbb.example.com", "Cookie: JSESSIONID=1A2B"):
            self.assertIn(line, head)
        kind, length, mask, masked = self.frame[0], self.frame[1], self.frame[2:6], self.frame[6:]
        self.assertEqual((kind, length), (0x81, 0x80 | len(masked)))
        self.assertEqual(bytes(byte ^ mask[i % 4] for i, byte in enumerate(masked)), b'{"id":"ping"}')

    def test_nobody_is_heard_where_it_does_not_answer(self):
        for answer, why in (
            (b"HTTP/1.1 502 Bad Gateway\r\n\r\n", "HTTP status 502 instead of a websocket"),
            (SWITCHED, "the connection was closed"),
            (SWITCHED + b"\x81\x02{}", "something else than pong"),
        ):
            with self.assertRaisesRegex(Failure, f"^bbb-webrtc-sfu of bbb-01.example.com .*{why}$"):
                self.listen(answer)

    def test_livekit_has_to_be_ready_where_it_is_installed(self):
        self.listen(SWITCHED + PONG, livekit=200)
        for ill in (0, 406, 502):
            with self.assertRaisesRegex(Failure, f"LiveKit of bbb-01.example.com is not ready: HTTP status {ill}"):
                self.listen(SWITCHED + PONG, livekit=ill)


if __name__ == "__main__":
    unittest.main()
