import errno
import os
import unittest
from unittest import mock

import fixtures
import support  # noqa: F401
from bbb_cluster.system import files, paths
from cluster_node import Node
from fixtures import HTML5, MIDDLEWARE, NGINX, PROPERTIES
from programs import configure_node
from support import Result

STATE = "/var/lib/bbb-cluster/"


class Disks(Node):
    """A disk that takes no more, from any write on: every file is as it was, the records of what we set included."""

    def law(self, code, words):
        write = files._write_new
        for count in range(20):
            left = [count]

            def fails(path, change, left=left):
                left[0] -= 1
                if left[0] < 0:
                    with open(path, "wb") as file:
                        file.write(change.content[:3])
                    raise OSError(code, os.strerror(code), path)
                write(path, change)

            with self.subTest(count=count), mock.patch.object(files, "_write_new", fails):
                try:
                    configure_node(fixtures.manifest())
                except Exception as error:
                    self.assertRegex(str(error), words)
                    self.assertEqual(self.everything(STATE), self.before)
                    self.assertEqual(self.get("/var/lib/bbb-cluster/records.json"), self.recorded)
                    self.assertEqual(self.restarts(), [])
                else:
                    return self.assertGreater(count, 5)
        return self.fail("it never had enough room")

    def test_a_disk_that_is_full_from_any_write_on_leaves_all_files_as_they_were(self):
        self.law(errno.ENOSPC, "the disk is full|No space left")

    def test_a_disk_that_becomes_read_only_leaves_all_files_as_they_were(self):
        self.law(errno.EROFS, "the disk is read-only|Read-only")

    def test_errors_name_the_file_that_is_meant(self):
        no = PermissionError(errno.EPERM, "no", "/x")
        with mock.patch("os.replace", side_effect=no), self.assertRaises(OSError) as raised:
            files.write(files.Change(NGINX, b""))
        self.assertEqual(raised.exception.filename, NGINX)


class Protected(Node):
    def test_an_immutable_file_is_named_and_the_others_are_as_they_were(self):
        """As with chattr +i: neither replaced nor removed."""
        replace = os.replace
        for path in (PROPERTIES, HTML5):

            def guarded(source, target, path=path):
                if target == paths.on_host(path):
                    raise PermissionError(errno.EPERM, "Operation not permitted", source)
                replace(source, target)

            with mock.patch("os.replace", guarded):
                message = self.fails(configure_node, fixtures.manifest())
            self.assertIn(f"no permission for {path}: run as root and look at `lsattr`. The previous files", message)
            self.assertEqual(self.everything(STATE), self.before)

    @unittest.skipUnless(os.geteuid() == 0, "only root can give files away")
    def test_owners_are_kept(self):
        for path in (PROPERTIES, HTML5):
            os.chown(paths.on_host(path), 1234, 4321)
        configure_node(fixtures.manifest())
        for manifest in (fixtures.manifest(), fixtures.manifest([])):
            configure_node(manifest)
            for path in (PROPERTIES, HTML5):
                found = files.read(path)
                self.assertEqual((found.uid, found.gid), (1234, 4321))


class Links(Node):
    def link(self, target, path):
        place = paths.on_host(path)
        if os.path.lexists(place):
            os.unlink(place)
        os.makedirs(os.path.dirname(place), exist_ok=True)
        os.symlink(target, place)

    def test_a_managed_link_stays_one_and_its_target_is_written(self):
        self.put("/srv/settings.yml", fixtures.HTML5_TEXT, 0o600)
        self.link("../../srv/settings.yml", HTML5)
        configure_node(fixtures.manifest())
        self.assertEqual(os.readlink(paths.on_host(HTML5)), "../../srv/settings.yml")
        self.assertIn(b"basename: /bbb-01/html5client", self.get("/srv/settings.yml"))
        configure_node(fixtures.manifest([]))
        self.assertEqual(os.readlink(paths.on_host(HTML5)), "../../srv/settings.yml")
        self.assertEqual(self.get("/srv/settings.yml"), fixtures.HTML5_TEXT.encode())
        self.assertEqual(self.mode("/srv/settings.yml"), 0o600)

    def test_the_package_s_own_links_are_not_touched(self):
        include = "/etc/bigbluebutton/nginx/include_default.nginx"
        self.link("/usr/share/bigbluebutton/include_default.nginx", include)
        configure_node(fixtures.manifest())
        configure_node(fixtures.manifest([]))
        self.assertEqual(os.readlink(paths.on_host(include)), "/usr/share/bigbluebutton/include_default.nginx")

    def test_a_link_that_was_put_in_our_file_s_place_goes_and_what_it_leads_to_stays(self):
        configure_node(fixtures.manifest())
        self.put("/srv/mine.nginx", self.get(NGINX))
        self.link("../../../srv/mine.nginx", NGINX)
        self.on("nginx -t", Result(1, "", "nginx: [emerg] no"))
        self.fails(configure_node, fixtures.manifest([]))
        self.assertEqual(os.readlink(paths.on_host(NGINX)), "../../../srv/mine.nginx")
        self.on("nginx -t", "")
        configure_node(fixtures.manifest([]))
        self.assertFalse(files.exists(NGINX))
        self.assertEqual(self.get("/srv/mine.nginx"), b"location = /x { return 204; }\n")

    def test_links_to_nowhere_and_to_devices_are_refused(self):
        for target, words in (
            ("nowhere", f"{MIDDLEWARE}: it is a dangling link to nowhere: remove the link"),
            ("/dev/null", f"{MIDDLEWARE} is not a regular file"),
            (os.path.basename(MIDDLEWARE), "Too many levels of symbolic links"),
        ):
            self.link(target, MIDDLEWARE)
            with self.assertRaises(Exception) as raised:
                configure_node(fixtures.manifest())
            self.assertIn(words, str(raised.exception))
            self.assertEqual(os.readlink(paths.on_host(MIDDLEWARE)), target)
        self.assertEqual((self.restarts(), os.path.exists("/dev/null")), ([], True))


if __name__ == "__main__":
    unittest.main()
