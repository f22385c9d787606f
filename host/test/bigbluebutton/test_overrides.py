"""What is set but not in force. The options of a process are what the kernel says of it: /proc/PID/environ."""

import os
import unittest

import fixtures
import support  # noqa: F401
from drifting_node import Drifting
from fixtures import DROP_IN, NGINX
from programs import configure_node, drift

OPTIONS = ["-Dgrails.cors.enabled=true", "-Dgrails.cors.allowedOrigins=https://bbb.example.com"]
OVERRIDE = "/etc/systemd/system/bbb-web.service.d/override.conf"
DEFAULT = "/etc/default/bbb-web"
# Case 29: what `systemctl edit bbb-web` writes.
EDITED = '# what `systemctl edit bbb-web` writes\n[Service]\nEnvironment="JDK_JAVA_OPTIONS=-Xmx4g"\n'


def appends(words=OPTIONS):
    """What the drop-in does."""
    return {"unit": "bbb-web", "variable": "JDK_JAVA_OPTIONS", "words": words}


def request(**changes):
    """A request in which the drop-in has an effect."""
    wanted = fixtures.files()
    wanted[4] = {"path": DROP_IN, "restart": ["daemon-reload", "bbb-web"], "appends": appends()}
    wanted[3]["path"], wanted[3]["content"] = NGINX, ["set $bbb_cors_origin 'https://bbb.example.com';"]
    return fixtures.manifest(wanted, **changes)


class Effects(Drifting):
    def setUp(self):
        super().setUp()
        self.runs_with(" ".join(["-Xmx4g", *OPTIONS]))
        self.on("systemctl show -p MainPID --value bbb-web", "4711\n")
        shown = f"FragmentPath=/usr/lib/systemd/system/bbb-web.service\nDropInPaths={OVERRIDE} {DROP_IN}\n"
        shown += f"EnvironmentFiles={DEFAULT} (ignore_errors=no)\n"
        shown += "EnvironmentFiles=/etc/bigbluebutton/bbb-web.env (ignore_errors=yes)\n"
        self.on("systemctl show -p FragmentPath", shown)
        configure_node(request())
        self.said = []

    def runs_with(self, options):
        self.put("/proc/4711/environ", f"PATH=/bin\0JDK_JAVA_OPTIONS={options}\0LANG=C\0")

    def overridden(self):
        found = self.findings()
        self.assertEqual([finding["state"] for finding in found], ["overridden"] * len(found))
        return found


class Environment(Effects):
    def test_ours_beside_theirs_are_in_force(self):
        for options in (OPTIONS, ["-Xmx4g", *OPTIONS], ["-Dgrails.cors.enabled=false", *OPTIONS, "-Xms1g"]):
            self.runs_with(" ".join(options))
            self.assertEqual(self.overridden(), [])

    def test_a_process_without_ours_is_found_with_the_place_that_says_otherwise(self):
        for place, text in (
            (OVERRIDE, EDITED),
            (DEFAULT, 'ENV=prod\nJDK_JAVA_OPTIONS="-Xmx4g"\n'),
            ("/etc/bigbluebutton/bbb-web.env", "JDK_JAVA_OPTIONS=-Xmx4g"),
            (OVERRIDE, "[Service]\nEnvironmentFile=\n"),
            (OVERRIDE, "[Service]\nExecStartPre=\n"),
        ):
            with self.subTest(place=place, text=text):
                self.put(place, text)
                for options in ("-Xmx4g", "", f"{OPTIONS[0]} {OPTIONS[1]}.evil", f"{' '.join(OPTIONS)} {OPTIONS[0]}0"):
                    self.runs_with(options)
                    expected = {"key": "JDK_JAVA_OPTIONS", "expected": " ".join(OPTIONS), "found": place}
                    self.assertEqual(
                        self.overridden(), [{"path": DROP_IN, "state": "overridden", "unit": "bbb-web", **expected}]
                    )
                os.unlink(os.path.join(self.root, place.lstrip("/")))
        self.assertIn(
            f"{DROP_IN}: JDK_JAVA_OPTIONS is not in force in bbb-web: it is set again in {OVERRIDE}", self.said[0]
        )

    def test_remarks_are_no_places(self):
        self.put(OVERRIDE, "[Service]\n# JDK_JAVA_OPTIONS=x\n")
        self.runs_with("")
        self.assertEqual(self.overridden()[0]["found"], "`systemctl cat bbb-web`")

    def test_no_process_is_no_finding(self):
        self.runs_with("")
        for answer in ("0\n", "4712\n", "\n"):
            self.on("systemctl show -p MainPID --value bbb-web", answer)
            self.assertEqual(self.overridden(), [])

    def test_a_file_that_is_not_ours_any_more_is_one_finding(self):
        self.runs_with("")
        self.edit(DROP_IN, "enabled=true", "enabled=false")
        self.assertEqual([finding["state"] for finding in drift()["findings"]], ["changed"])

    def test_a_change_that_does_not_get_into_force_is_rolled_back_and_says_why(self):
        self.put(DEFAULT, "JDK_JAVA_OPTIONS=-Xmx4g\n")
        self.runs_with("-Xmx4g")
        current = self.everything()
        wanted = request()
        wanted["files"][4]["appends"] = appends([*OPTIONS, "-Dnew=1"])
        message = self.fails(configure_node, wanted)
        self.assertIn(f"JDK_JAVA_OPTIONS is not in force in bbb-web: it is set again in {DEFAULT}", message)
        self.assertIn("The previous files are back and in force again", message)
        self.assertEqual(self.everything(), current)

    def test_a_process_that_lost_ours_is_restarted_by_the_next_run(self):
        self.runs_with("")
        self.on("systemctl restart bbb-web", lambda _c: self.runs_with(" ".join(OPTIONS)) or "")
        self.assertEqual(configure_node(request(repair="x"))["restarted"], ["bbb-web"])
        self.assertEqual(self.overridden(), [])


class Nginx(Effects):
    def test_a_file_that_sets_a_variable_later_is_named(self):
        self.assertTrue(NGINX.endswith("/bbb-cluster.nginx"))
        later = "/etc/bigbluebutton/nginx/own.nginx"
        for text, line in (
            ("set $bbb_cors_origin 'https://other.example.com';\n", 1),
            ("# mine\nlocation /x { return 204; }\n  set  $bbb_cors_origin\n  https://o;\n", 3),
            ("set $bbb_cors_origin 'https://bbb.example.com';\nset $bbb_cors_origin *;", 2),
        ):
            with self.subTest(text=text):
                self.put(later, text)
                expected = {"key": "$bbb_cors_origin", "expected": "https://bbb.example.com", "unit": "nginx"}
                where = {"path": NGINX, "state": "overridden", "found": f"{later}, line {line}"}
                self.assertEqual(self.overridden(), [{**where, **expected}])
        self.assertIn(f"it is set again in {later}, line 2", self.fails(configure_node, request(repair="x")))

    def test_a_site_that_sets_a_variable_behind_our_files_is_named(self):
        site = "/etc/nginx/sites-enabled/bigbluebutton"
        include, value = "  include /etc/bigbluebutton/nginx/*.nginx;\n", "  set $bbb_cors_origin '*';\n"
        for text, line in (
            (f"server {{\n{include}{value}}}\n", 3),
            (f"server {{\n  # }}\n{include}  location / {{ return 204; }}\n{value}}}\n", 5),
            (f"server {{\n{value}{include}}}\n", None),
            (f"server {{\n{include}  # {value}}}\n", None),
            (f"server {{\n{include}}}\nserver {{\n{value}}}\n", None),
            (f"server {{\n  # {include}{value}}}\n", None),
        ):
            with self.subTest(text=text):
                self.put(site, text)
                self.assertEqual(
                    [finding["found"] for finding in self.overridden()], [f"{site}, line {line}"] if line else []
                )

    def test_what_does_not_set_it_for_the_whole_server_later_is_none(self):
        for name, text in (
            ("own.nginx", "set $bbb_cors_origin 'https://bbb.example.com';\n"),
            ("own.nginx", "if ($bbb_cors_origin = '') {\n  set $bbb_cors_origin '*';\n}\n"),
            ("own.nginx", "# set $bbb_cors_origin '*';\n"),
            ("own.nginx", "set $bbb_cors_origin2 '*';\n"),
            ("a.nginx", "set $bbb_cors_origin '*';\n"),
            ("own.conf", "set $bbb_cors_origin '*';\n"),
        ):
            with self.subTest(name=name, text=text):
                self.put(f"/etc/bigbluebutton/nginx/{name}", text)
                self.assertEqual(self.overridden(), [])


if __name__ == "__main__":
    unittest.main()
