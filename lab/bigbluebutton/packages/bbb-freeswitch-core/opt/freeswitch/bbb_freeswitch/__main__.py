"""Starts the port where SIP.js connects: SIP over a websocket (RFC 7118), in which every request is answered."""

from bbb_common import websocket
from bbb_common.service import Handler, serve

_ECHOED = ("via", "from", "to", "call-id", "cseq")


class SipHandler(Handler):
    def do_GET(self):
        if websocket.wanted(self):
            connection = websocket.accept(self, "sip")
            for text in connection.messages():
                connection.send(reply(text))


def reply(request):
    """An answer that agrees, with the headers that tell to what."""
    echoed = [line for line in request.split("\r\n")[1:] if line.partition(":")[0].lower() in _ECHOED]
    return "\r\n".join(["SIP/2.0 200 OK", *echoed, "Content-Length: 0", "", ""])


serve("127.0.0.1", 5066, SipHandler)
