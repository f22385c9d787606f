import socket
import unittest
from unittest import mock

import support  # noqa: F401
from bbb_cluster.system import dns
from installation import Node, order
from programs import configure_node, configure_proxy
from support import Machine

HERE = ["203.0.113.10", "2001:db8:1::1"]


class Waiting(Machine):
    def resolving(self, *answers):
        """Answers look-ups one after the other, the last one for ever."""
        left = list(answers)

        def look_up(_name, _port, **_options):
            found = left.pop(0) if len(left) > 1 else left[0]
            if not found:
                raise socket.gaierror(-2, "Name or service not known")
            return [(0, 0, 0, "", (address, 0)) for address in found]

        self.patch(mock.patch.object(socket, "getaddrinfo", look_up))

    def test_a_name_is_waited_for_until_it_leads_here(self):
        self.resolving([], ["192.0.2.1"], ["192.0.2.1"], ["192.0.2.1"], ["192.0.2.1"], ["203.0.113.10"])
        dns.wait_until_here("bbb.example.com", HERE)
        expected = "expected is 203.0.113.10 or 2001:db8:1::1"
        self.assertEqual(
            self.said,
            [
                f"waiting for the DNS: bbb.example.com resolves to nothing, {expected}",
                f"waiting for the DNS: bbb.example.com resolves to 192.0.2.1, {expected}",
            ],
        )
        self.assertEqual(self.time, 25)

    def test_after_half_an_hour_it_is_given_up_with_what_was_found(self):
        self.resolving(["192.0.2.1"])
        message = self.fails(dns.wait_until_here, "bbb.example.com", HERE)
        self.assertIn(
            "bbb.example.com resolves to 192.0.2.1, expected is 203.0.113.10 or 2001:db8:1::1, after 30", message
        )
        self.assertEqual((self.time, len(self.said)), (1800, 90))

    def test_addresses_that_lead_elsewhere_are_reported_and_not_waited_for(self):
        self.resolving(["192.0.2.1", "2001:db8:1::1"])
        dns.wait_until_here("bbb.example.com", HERE)
        self.assertEqual(len(self.said), 1)
        self.assertIn("bbb.example.com resolves to 192.0.2.1, too", self.said[0])

    def test_a_name_in_the_machine_s_own_hosts_file_is_not_waited_for(self):
        self.resolving(["127.0.1.1"])
        dns.wait_until_here("bbb.example.com", HERE)
        self.assertIn("is in this machine's own /etc/hosts", self.said[0])

    def test_addresses_are_compared_however_they_are_spelled(self):
        self.assertEqual(dns.addresses({"addresses": ["2001:DB8:1:0::1"]}), ["2001:db8:1::1"])
        self.assertIn("got `bbb`", self.fails(dns.addresses, {"addresses": ["bbb"]}))
        self.assertEqual(dns.addresses({}), [])


class BeforeTheCertificate(Node):
    def setUp(self):
        super().setUp()
        self.waited = []
        self.patch(mock.patch.object(dns, "wait_until_here", lambda *given: self.waited.append((given, self.calls[:]))))

    def test_an_installation_waits_for_the_name_before_it_starts(self):
        configure_node(order(addresses=HERE))
        ((given, calls),) = self.waited
        self.assertEqual(given, ("bbb-01.example.com", HERE))
        self.assertEqual([call for call in calls if "systemd-run" in call], [])
        configure_node(order(addresses=HERE))
        self.assertEqual(len(self.waited), 1)

    def test_the_proxy_waits_for_the_name_before_it_asks(self):
        live = "/etc/letsencrypt/live/bbb.example.com"
        self.on("^certbot", lambda _c: [self.put(f"{live}/{name}.pem", "") for name in ("fullchain", "privkey")] and "")
        request = {"hostname": "bbb.example.com", "email": "a@example.com", "files": [], "addresses": HERE}
        configure_proxy(request)
        ((given, calls),) = self.waited
        self.assertEqual(given, ("bbb.example.com", HERE))
        self.assertEqual([call for call in calls if "certbot certonly" in call], [])
        configure_proxy(request)
        self.assertEqual(len(self.waited), 1)


if __name__ == "__main__":
    unittest.main()
