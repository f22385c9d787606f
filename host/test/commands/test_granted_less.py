"""A proxy whose systemd grants less than the program's request asks for, seen by the whole command."""

import unittest

import support  # noqa: F401
from bbb_cluster.system import granted
from commands.test_proxy_repair import NGINX_CONF, Front, request
from programs import configure_proxy


class Short(Front):
    def test_a_limit_of_files_that_is_lower_than_asked_for_is_refused_and_all_is_as_it_was(self):
        before = self.everything()
        self.on("^pgrep", lambda _c: f"{len(self.called('reload-or-restart'))}01\n")
        for worker in ("101", "201"):
            self.put(
                f"/proc/{worker}/limits", "Max open files            1024                 1024                 files\n"
            )
        self.put(NGINX_CONF, self.text(NGINX_CONF) + "# edited\n")
        self.assertIn("nginx may open 1024 files and not 16384", self.fails(configure_proxy, request(repair="x")))
        self.put(NGINX_CONF, before[NGINX_CONF][0])
        self.assertEqual({path: now for path, now in self.everything().items() if "/limits" not in path}, before)

    def test_a_kernel_that_takes_less_than_asked_for_is_refused_and_all_is_as_it_was(self):
        self.put("/etc/sysctl.d/99-zz-hardened.conf", "net.core.somaxconn = 4096\n")
        files = request()["files"]
        more = [{**file, "content": [line.replace("= 4096", "= 8192") for line in file["content"]]} for file in files]
        before = self.text(granted.SYSCTL)
        message = self.fails(configure_proxy, request(files=more))
        self.assertIn("net.core.somaxconn is 4096 and not 8192", message)
        self.assertEqual(self.text(granted.SYSCTL), before)

    def test_it_is_said_when_nothing_is_to_be_written_too(self):
        self.on("^pgrep", "901\n")
        self.put("/proc/901/limits", "Max open files            1024                 1024                 files\n")
        self.assertIn("nginx may open 1024 files and not 16384", self.fails(configure_proxy, request()))


if __name__ == "__main__":
    unittest.main()
