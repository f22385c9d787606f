import hashlib
import hmac
import socket
import struct
import threading
import unittest
from unittest import mock

import support  # noqa: F401
from bbb_cluster.system import verified
from bbb_cluster.system.failure import Failure
from bbb_cluster.trial import stun, turn
from bbb_cluster.trial.turn import Server

SERVER = Server("turn.example.com", 443, "1795000000:u-1", "geheim")
REALM, NONCE = b"turn.example.com", b"0123456789"


class Stun(unittest.TestCase):
    def test_a_message_is_signed_as_in_rfc_5769(self):
        """2.4: a request with long-term authentication."""
        user = "\u30de\u30c8\u30ea\u30c3\u30af\u30b9"
        key = stun.key_of(user, b"example.org", "TheMatrIX")
        attributes = {
            stun.USERNAME: user.encode(),
            stun.NONCE: b"f//499k954d6OL34oL9FSTvy64sA",
            stun.REALM: b"example.org",
        }
        with mock.patch("os.urandom", return_value=bytes.fromhex("78ad3433c6ad72c029da412e")):
            message = stun.request(0x0001, attributes, key)
        self.assertEqual(message[:20].hex(), "000100602112a44278ad3433c6ad72c029da412e")
        self.assertEqual(message[-20:].hex(), "f67024656dd64a3e02b8e0712e85c9a28ca89666")

    def test_what_is_no_message_is_told(self):
        with self.assertRaisesRegex(ValueError, "it does not speak STUN"):
            stun.length_of(b"HTTP/1.1 400 Bad Request")


class TurnServer(threading.Thread):
    """Lets in who signs by the password, and nobody else; what it was asked for, by method."""

    def __init__(self, connection, password):
        super().__init__(daemon=True)
        self.connection, self.password, self.asked = connection, password, []
        self.start()

    def run(self):
        with self.connection:
            while header := self.connection.recv(stun.HEADER_BYTES):
                body = verified.read(self.connection, stun.length_of(header))
                self.connection.sendall(self.answer(header, body))

    def answer(self, header, body):
        (method,) = struct.unpack("!H", header[:2])
        self.asked.append(method)
        said = stun.parse(header, body).attributes
        if not self.signed(header, body):
            error = b"\0\0\x04\x01Unauthorized"
            return stun.request(method | 0x0110, {stun.ERROR_CODE: error, stun.REALM: REALM, stun.NONCE: NONCE})
        given = {stun.RELAYED_ADDRESS: b"\0\x01" + bytes(6)} if said.get(stun.REQUESTED_TRANSPORT) == stun.UDP else {}
        return stun.request(method | 0x0100, given)

    def signed(self, header, body):
        key = hashlib.md5(b":".join([SERVER.username.encode(), REALM, self.password.encode()])).digest()
        return hmac.compare_digest(hmac.new(key, header + body[:-24], hashlib.sha1).digest(), body[-20:])


class Relay(unittest.TestCase):
    def relay(self, password=SERVER.password):
        ours, theirs = socket.socketpair()
        self.server = TurnServer(theirs, password)
        with mock.patch.object(verified, "connect", return_value=ours):
            turn.relay(SERVER)

    def test_a_place_is_asked_for_signed_and_given_back(self):
        self.relay()
        self.assertEqual(self.server.asked, [stun.ALLOCATE, stun.ALLOCATE, stun.REFRESH])

    def test_a_server_that_does_not_take_what_the_node_gives_relays_nothing(self):
        with self.assertRaisesRegex(Failure, "turn.example.com:443 relays nothing: 401 Unauthorized$"):
            self.relay("another")

    def test_a_server_that_cannot_be_reached_is_named(self):
        with (
            mock.patch.object(verified, "connect", side_effect=ConnectionRefusedError(111, "Connection refused")),
            self.assertRaisesRegex(Failure, "turn.example.com:443 cannot be used over TLS: .*refused"),
        ):
            turn.relay(SERVER)


if __name__ == "__main__":
    unittest.main()
