"""
The requests that the program sends, as its own tests have written them to test/contract, read by the real parsers; and
what they make of a node of each release, as golden files that are read and reviewed. UPDATE_GOLDEN=1 writes them anew.
"""

import difflib
import glob
import json
import os
import unittest
from unittest import mock

import balancer_requests

import support  # noqa: F401
from bbb_cluster.bigbluebutton import installation, node_files, node_settings, route
from bbb_cluster.commands import configure_node, configure_proxy, keep_secrets, service
from bbb_cluster.recordings import destination
from bbb_cluster.settings import manifest, plan, releases
from bbb_cluster.system import request
from bbb_cluster.system.failure import Failure
from bbb_cluster.tls import certificate_settings
from support import Machine

CONTRACT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "test", "contract"))
GOLDEN = os.path.join(CONTRACT, "golden")
RELEASES = ["2.4.9", "2.5.18", "2.6.18", "2.7.15", "3.0.4", "3.0.26", "3.0.30", "3.0.37", "4.0.0-rc.5", "4.1.0-dev"]


def requests():
    """Every request of the contract: file name without .json, command, and what is sent."""
    for path in sorted(glob.glob(os.path.join(CONTRACT, "*.json"))):
        name = os.path.basename(path)[: -len(".json")]
        if name != "releases":
            with open(path, encoding="utf-8") as file:
                yield name, name.split(".")[0], json.load(file)


def of_command(wanted):
    """The requests of one command."""
    return [(name, sent) for name, command, sent in requests() if command == wanted]


def files_for(sent, release):
    """The files that a request makes of a node of a release."""
    return manifest.for_release(node_settings.parse(sent).rows, release)


class Planning(Machine):
    def plan(self, wanted):
        """What is to be done on a machine without any file but those that are only merged where they are."""
        for file in wanted:
            if file.only_if_key:
                self.put(file.path, f"{file.only_if_key}: {{key: secret}}\n")
        return plan.make(wanted, {})


class Contract(Planning):
    def parse_node(self, sent):
        request.only(sent, configure_node.FIELDS)
        certificate_settings.parse(sent)
        installation.parse(sent)
        return node_settings.parse(sent)

    def parse_proxy(self, sent):
        request.only(sent, configure_proxy.FIELDS)
        certificate_settings.parse(sent)
        return manifest.for_any(manifest.parse(request.field(sent, "files", list)))

    def keep(self, sent):
        return keep_secrets.keep_secrets(sent, "")

    def test_every_request_is_understood(self):
        parsers = {"configure-node": self.parse_node, "configure-proxy": self.parse_proxy, "add-route": route.parse}
        parsers.update(
            {"keep-secrets": self.keep, "enter-service": lambda sent: (service.parse(sent), destination.parse(sent))}
        )
        parsers.update(balancer_requests.PARSERS)
        seen = set()
        for name, command, sent in requests():
            with self.subTest(request=name):
                parsers[command](sent)
                seen.add(command)
        self.assertEqual(seen, set(parsers))

    def test_every_key_is_written_by_the_program(self):
        for command, fields in (
            ("configure-node", configure_node.FIELDS),
            ("configure-proxy", configure_proxy.FIELDS),
            ("keep-secrets", keep_secrets.FIELDS),
            ("add-route", route.FIELDS),
            ("enter-service", service.FIELDS),
            *balancer_requests.FIELDS.items(),
        ):
            for name, sent in of_command(command):
                # Only where there are secrets, or somebody takes recordings.
                sometimes = {"configure-node": ["secretOverrides"], "enter-service": ["recordings"]}
                written = {*sent, *sometimes.get(command, [])}
                self.assertEqual(sorted(written), sorted(fields), name)

    def test_secret_settings_are_planned_with_the_others(self):
        ((_, secrets),) = of_command("keep-secrets")
        self.keep(secrets)
        ((_, sent),) = [found for found in of_command("configure-node") if found[0] == "configure-node.3.0"]
        wanted = files_for({**sent, "secretOverrides": secrets["digest"]}, "3.0.30")
        texts = {change.path: change.content for change in self.plan(wanted).changes}
        self.assertIn(b"someSharedSecret=TOP-SECRET-VALUE", texts["/etc/bigbluebutton/bbb-web.properties"])
        self.assertIn(b"TOP-SECRET-VALUE", texts["/etc/bigbluebutton/bbb-html5.yml"])

    def test_every_request_can_be_planned_for_each_release_of_its_line(self):
        for name, sent in of_command("configure-node"):
            for release in RELEASES:
                if releases.same_line(release, sent["release"]):
                    with self.subTest(request=name, release=release):
                        wanted = files_for(sent, release)
                        made = self.plan(wanted)
                        self.assertEqual(made.paths, [file.path for file in wanted])
                        self.assertEqual((list(made.records), made.kept), (made.paths, []))

    def test_the_proxy_s_files_can_be_planned(self):
        for name, sent in of_command("configure-proxy"):
            with self.subTest(request=name):
                units = ["nginx", "systemd-sysctl", "daemon-reload", "bbb-cluster-drain.service"]
                self.assertEqual(self.plan(self.parse_proxy(sent)).units, units if sent["names"] else units[:-1])

    def test_a_row_since_3_0_99_reaches_a_node_of_3_0_99_and_of_its_candidates_and_not_one_of_3_0_98(self):
        ((_, sent),) = [found for found in of_command("configure-node") if found[0] == "configure-node.3.0"]
        files = node_files.of("bbb-01", "bbb-01.example.com", "bbb.example.com")
        merged = next(file for file in files if "settings" in file)
        merged["settings"].append({"key": "some.newKey", "value": "new", "since": "3.0.99"})
        for release, reached in (("3.0.98", False), ("3.0.99-rc.1", True), ("3.0.99", True), ("3.0.100", True)):
            with self.subTest(release=release), mock.patch.object(node_files, "of", return_value=files):
                contents = [change.content for change in self.plan(files_for(sent, release)).changes]
                self.assertEqual(any(b"new" in content and b"ewKey" in content for content in contents), reached)

    def test_an_override_takes_the_place_of_the_cluster_s_own_row(self):
        ((_, sent),) = [found for found in of_command("configure-node") if found[0] == "configure-node.3.0"]
        row = {"key": "public.app.userSettingsStorage", "value": "session"}
        own = {**sent, "files": [{"path": "/etc/bigbluebutton/bbb-html5.yml", "settings": [row]}]}
        values = [
            [
                file.settings["public.app.userSettingsStorage"]
                for file in files_for(each, "3.0.30")
                if "html5.yml" in file.path
            ]
            for each in (sent, own)
        ]
        self.assertEqual(values, [["local"], ["session"]])

    def test_a_node_s_name_goes_into_no_file_unless_it_is_one(self):
        ((_, sent),) = [found for found in of_command("configure-node") if found[0] == "configure-node.3.0"]
        for name in ("", "../x", 'a"', "a b", "{node}"):
            with self.subTest(name=name), self.assertRaises(Failure):
                node_settings.parse({**sent, "node": name})


class Golden(Planning):
    maxDiff = None

    def test_what_a_node_of_each_release_gets_is_in_the_golden_files(self):
        wanted = {}
        for release in RELEASES:
            name = f"configure-node.{release[:3]}"
            for sent in (sent for found, sent in of_command("configure-node") if found == name):
                wanted[f"node-{release}.txt"] = self.shown(files_for(sent, release))
        self.assertNotEqual(wanted, {})
        if os.environ.get("UPDATE_GOLDEN"):
            self.write(wanted)
        golden = {os.path.basename(path): path for path in glob.glob(os.path.join(GOLDEN, "node-*.txt"))}
        self.assertEqual(sorted(golden), sorted(wanted), "UPDATE_GOLDEN=1 writes the golden files anew")
        for name, text in wanted.items():
            with open(golden[name], encoding="utf-8") as file:
                reviewed = file.read()
            diff = difflib.unified_diff(reviewed.splitlines(), text.splitlines(), f"golden/{name}", "now", lineterm="")
            difference = "\n".join(diff)
            if difference:
                self.fail_with(f"{difference}\n\nUPDATE_GOLDEN=1 writes the golden files anew")

    def fail_with(self, text):
        raise self.failureException(text)

    def shown(self, wanted):
        """Every file with what reads it and what is in it, for a reader."""
        parts = []
        for change in self.plan(wanted).changes:
            head = f"{change.path}  (restarts: {', '.join(change.restart) or 'nothing'})"
            parts.append(f"{head}\n{'-' * len(head)}\n{change.content.decode()}")
        return "\n".join(parts)

    def write(self, wanted):
        os.makedirs(GOLDEN, exist_ok=True)
        for path in glob.glob(os.path.join(GOLDEN, "node-*.txt")):
            os.unlink(path)
        for name, text in wanted.items():
            with open(os.path.join(GOLDEN, name), "w", encoding="utf-8") as file:
                file.write(text)


if __name__ == "__main__":
    unittest.main()
