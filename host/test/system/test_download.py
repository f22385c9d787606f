import hashlib
import socket
import threading
import unittest
from contextlib import closing

import support  # noqa: F401
from bbb_cluster.system import download
from support import Machine

WHOLE = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwhole"
CUT_OFF = (
    b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n64\r\nhalf",
    b"no HTTP\r\n\r\n",
)
SHA256 = hashlib.sha256(b"whole").hexdigest()


class Downloads(Machine):
    def fetch(self, *answers):
        """From a server that gives these answers, one a connection."""
        with closing(socket.create_server(("127.0.0.1", 0))) as server:
            threading.Thread(target=self.serve, args=(server, answers), daemon=True).start()
            return download.fetch(f"http://127.0.0.1:{server.getsockname()[1]}/i.sh", SHA256)

    def serve(self, server, answers):
        for answer in answers:
            with closing(server.accept()[0]) as connection:
                connection.recv(4096)
                connection.sendall(answer)

    def test_one_that_was_cut_off_is_tried_again(self):
        for cut_off in CUT_OFF:
            self.assertEqual(self.fetch(cut_off, WHOLE), b"whole", cut_off)

    def test_one_that_is_cut_off_each_time_is_not_taken_for_another_file(self):
        for cut_off in CUT_OFF:
            message = self.fails(self.fetch, *[cut_off] * download.TRIES)
            self.assertRegex(message, "/i.sh cannot be downloaded: .*; look at this machine's network$")


if __name__ == "__main__":
    unittest.main()
