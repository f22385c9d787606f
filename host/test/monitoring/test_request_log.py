import os
import unittest

import support  # noqa: F401
from bbb_cluster.monitoring import request_log
from bbb_cluster.system import paths
from support import Machine

HIT = '203.0.113.0 [2026-11-26T10:00:00+00:00] "GET /bbb-01/html5client/" 200 3214 0.003 HIT\n'
MISS = '203.0.113.0 [2026-11-26T10:00:01+00:00] "GET /bbb-01/x.js" 404 12 0.020 MISS\n'


class RequestLog(Machine):
    def counted(self):
        return {(each.name, *each.labels.values()): each.value for each in request_log.metrics()}

    def add(self, *lines):
        with open(paths.on_host(request_log.LOG), "a") as file:
            file.writelines(lines)

    def setUp(self):
        super().setUp()
        self.put(request_log.LOG, HIT * 7)
        self.counted()

    def test_counts_what_came_since_monitoring_began(self):
        self.add(HIT, MISS, MISS)
        expected = {
            ("bbb_proxy_requests_total", "2xx"): 1,
            ("bbb_proxy_requests_total", "4xx"): 2,
            ("bbb_proxy_cache_total", "HIT"): 1,
            ("bbb_proxy_cache_total", "MISS"): 2,
        }
        self.assertEqual(self.counted(), expected)
        self.assertEqual(self.counted(), expected)

    def test_a_line_that_is_still_being_written_is_counted_once_it_is_whole(self):
        self.add(HIT[:40])
        self.assertEqual(self.counted(), {})
        self.add(HIT[40:])
        self.assertEqual(self.counted()["bbb_proxy_requests_total", "2xx"], 1)

    def test_nothing_is_lost_when_the_log_is_rotated(self):
        self.add(HIT)
        os.rename(paths.on_host(request_log.LOG), paths.on_host(f"{request_log.LOG}.1"))
        self.put(request_log.LOG, MISS)
        found = self.counted()
        self.assertEqual(found["bbb_proxy_requests_total", "2xx"], 1)
        self.assertEqual(found["bbb_proxy_requests_total", "4xx"], 1)

    def test_what_was_rotated_away_is_counted_once_also_before_there_is_a_new_log(self):
        self.add(HIT)
        os.rename(paths.on_host(request_log.LOG), paths.on_host(f"{request_log.LOG}.1"))
        self.counted()
        self.assertEqual(self.counted()["bbb_proxy_requests_total", "2xx"], 1)
        self.put(request_log.LOG, HIT)
        self.assertEqual(self.counted()["bbb_proxy_requests_total", "2xx"], 2)

    def test_a_log_that_was_emptied_is_read_from_its_beginning(self):
        self.put(request_log.LOG, MISS)
        self.assertEqual(self.counted()["bbb_proxy_requests_total", "4xx"], 1)

    def test_what_a_client_wrote_there_makes_no_endless_number_of_names(self):
        self.add(*(HIT.replace("HIT", f"X{number}") for number in range(100)))
        names = [name for name, *_ in self.counted() if name == "bbb_proxy_cache_total"]
        self.assertEqual(len(names), 20)

    def test_a_proxy_without_a_log_has_no_counts(self):
        os.remove(paths.on_host(request_log.LOG))
        self.assertEqual(self.counted(), {})


if __name__ == "__main__":
    unittest.main()
