"""A location by hand on a node, where the cluster has the same: with the real nginx."""

import unittest

import test_contract

import fixtures
import real_nginx
import support  # noqa: F401
from bbb_cluster.settings.manifest import Wanted
from cluster_node import Node
from programs import configure_node

FOLDER = "/etc/bigbluebutton/nginx"
NGINX_CONF = f"""
user www-data;
error_log stderr;
events {{}}
http {{
    server {{
        listen 80;
        include {FOLDER}/*.nginx;
        include /etc/nginx/sites-enabled/*;
    }}
}}
"""
SENT = next(sent for name, sent in test_contract.of_command("configure-node") if name == "configure-node.3.0")


def is_location(file: Wanted):
    """Whether a file of a node says where its client is."""
    return file.path in (f"{FOLDER}/bbb-cluster.nginx", f"{FOLDER}/bbb-cluster-client.nginx")


CLIENT = [
    {"path": file.path, "content": file.content.decode().splitlines(), "restart": ["nginx"]}
    for file in test_contract.files_for(SENT, "3.0.30")
    if is_location(file)
]


@unittest.skipUnless(real_nginx.can_be_tried(), "needs nginx and namespaces")
class Locations(Node):
    def setUp(self):
        super().setUp()
        self.put("/etc/nginx/nginx.conf", NGINX_CONF)
        self.on("^nginx -t", lambda _command: real_nginx.run("nginx -t"))

    def test_one_that_the_cluster_has_is_named_with_its_file_whichever_nginx_reads_first(self):
        for path in (f"{FOLDER}/aaa.nginx", f"{FOLDER}/own.nginx", "/etc/nginx/sites-enabled/own"):
            for location in ("/bbb-01/html5client/", "= /bbb-01/html5client"):
                with self.subTest(path=path, location=location):
                    self.put(path, f"location /own {{ return 204; }}\n  location {location} {{ return 204; }}\n")
                    before = self.everything()
                    message = self.fails(configure_node, fixtures.manifest(CLIENT))
                    plain = location.replace("= ", "")
                    self.assertIn(f'duplicate location "{plain}" in ', message)
                    self.assertIn(f"take `location {plain}` out of {path}: the cluster has it, too. The prev", message)
                    self.assertEqual(self.everything(), before)
                    self.put(path, "")

    def test_one_that_came_later_is_an_error_of_the_next_run_that_has_nothing_else_to_do(self):
        configure_node(fixtures.manifest(CLIENT))
        self.put(f"{FOLDER}/own.nginx", "location /bbb-01/html5client/ { return 204; }\n")
        message = self.fails(configure_node, fixtures.manifest(CLIENT, repair="x"))
        self.assertIn(f"take `location /bbb-01/html5client/` out of {FOLDER}/own.nginx", message)

    def test_two_of_somebody_else_are_not_taken_for_the_cluster_s(self):
        self.put(f"{FOLDER}/own.nginx", "location /own { return 204; }\n" * 2)
        message = self.fails(configure_node, fixtures.manifest(CLIENT))
        self.assertIn(f'duplicate location "/own" in {FOLDER}/own.nginx:2. The previous files', message)


if __name__ == "__main__":
    unittest.main()
