import os
import random
import unittest

import support  # noqa: F401
from access.test_firewall import DEPLOY, configure, wanted
from bbb_cluster.access import authorized_keys
from bbb_cluster.commands.drift import drift
from support import Machine

PATH = authorized_keys.PATH
ANNA = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAnnaAnnaAnnaAnnaAnnaAnnaAnnaAnnaAnnaAnnaAnna anna@school"
BEN = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQBenBenBenBenBenBenBenBenBenBen== ben@school"
OTHER = "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYOtherOther= by hand"


class Keys(Machine):
    def setUp(self):
        super().setUp()
        self.on("^nft list chain", "")

    def lines(self, path=PATH):
        return (self.get(path) or b"").decode().splitlines()

    def boot(self, *keys):
        """What cloud-init has written at the first boot, and from what."""
        listed = "".join(f"  - {key}\n" for key in keys)
        self.put(authorized_keys.USER_DATA, f"#cloud-config\nhostname: bbb-01\nssh_authorized_keys:\n{listed}", 0o600)
        self.put(PATH, "".join(f"{key}\n" for key in keys), 0o600)

    def configure(self, *administrators):
        return configure(wanted(sshPublicKeys=[DEPLOY, *administrators]))

    def test_who_is_listed_gets_in_and_who_is_no_longer_listed_does_not(self):
        self.configure(ANNA)
        self.assertEqual(self.lines(), [DEPLOY, ANNA])
        self.assertEqual(self.mode(PATH), 0o600)
        self.configure(BEN)
        self.assertEqual(self.lines(), [DEPLOY, BEN])

    def test_a_key_is_known_however_it_is_written_down(self):
        for line in (
            ANNA.replace(" ", "\t"),
            ANNA.replace(" ", "  "),
            f'command="exec ssh-keyscan bbb-01",no-pty {ANNA}',
        ):
            self.put(PATH, f"{DEPLOY}\n{line}\n", 0o600)
            self.assertEqual(len(configure(wanted()).kept), 1, line)
            self.assertEqual(authorized_keys.merge(f"{line}\n", [DEPLOY], [ANNA]).text, f"{DEPLOY}\n", line)
            self.assertEqual(authorized_keys.merge(f"{line}\n", [ANNA], []).text, f"{line}\n", line)

    def test_a_key_of_the_first_boot_goes_when_it_is_no_longer_listed(self):
        self.boot(DEPLOY, ANNA, BEN)
        self.configure(BEN)
        self.assertEqual(self.lines(), [DEPLOY, BEN])

    def test_a_key_that_somebody_else_has_put_there_stays_and_is_named(self):
        self.boot(DEPLOY, ANNA)
        with open(self.root + PATH, "a", encoding="ascii") as file:
            file.write(f"# by hand\n{OTHER}\n")
        outcome = self.configure(ANNA)
        self.assertEqual(self.lines(), [DEPLOY, ANNA, "# by hand", OTHER])
        self.assertEqual(outcome.kept, [f"{PATH}: ecdsa-sha2-nistp256 …{OTHER.split()[1][-12:]} by hand"])

    def test_the_deploy_key_is_put_back_and_no_request_is_without_a_key(self):
        self.boot(DEPLOY)
        self.put(PATH, "", 0o600)
        self.configure()
        self.assertEqual(self.lines(), [DEPLOY])
        self.assertIn("nobody could log in any more", self.fails(configure, wanted(sshPublicKeys=[])))
        self.assertIn("is no public key", self.fails(configure, wanted(sshPublicKeys=["-----BEGIN"])))

    def test_options_and_comments_do_not_make_another_key_of_one(self):
        bound = f'from="192.0.2.1",command="echo a b" {" ".join(BEN.split()[:2])} old comment'
        self.configure(ANNA, BEN)
        self.put(PATH, f"{DEPLOY}\n{ANNA}\n{ANNA} again\n{bound}\n", 0o600)
        self.configure(ANNA, BEN)
        self.assertEqual(self.lines(), [DEPLOY, ANNA, f"{ANNA} again", bound])
        self.configure()
        self.assertEqual(self.lines(), [DEPLOY])

    def test_a_second_run_changes_nothing_and_an_edit_is_found(self):
        self.boot(DEPLOY, ANNA)
        self.configure(ANNA)
        current = self.everything("")
        self.assertEqual(self.configure(ANNA).changed, [])
        self.assertEqual((self.everything(""), drift({}, "")["findings"]), (current, []))
        self.put(PATH, f"{DEPLOY}\n{ANNA}\n{OTHER}\n", 0o600)
        self.assertEqual(drift({}, "")["findings"], [{"path": PATH, "state": "changed"}])

    def test_a_file_that_others_could_write_is_closed(self):
        self.boot(DEPLOY)
        self.put(PATH, f"{DEPLOY}\n", 0o666)
        self.configure()
        self.assertEqual(self.mode(PATH), 0o600)

    def test_the_image_s_own_user_loses_the_same_keys_and_gets_none(self):
        home, link = "/home/debian/.ssh/authorized_keys", "/home/carl/.ssh/authorized_keys"
        self.boot(DEPLOY, ANNA, BEN)
        users = (
            "root:x:0:0::/root:/bin/bash\ndebian:x:1000:1000::/home/debian:/bin/bash\ncarl:x:1001:1001::/home/carl:\n"
        )
        self.put("/etc/passwd", users)
        self.put(home, f"{DEPLOY}\n{ANNA}\n{BEN}\n{OTHER}\n", 0o600)
        self.put("/etc/secret", f"{BEN}\n")
        os.makedirs(os.path.dirname(self.root + link))
        os.symlink(self.root + "/etc/secret", self.root + link)
        self.configure(ANNA)
        self.assertEqual(self.lines(home), [DEPLOY, ANNA, OTHER])
        self.assertEqual(self.lines("/etc/secret"), [BEN])

    def test_user_data_that_cannot_be_read_is_no_reason_to_fail(self):
        for text in ("", "#!/bin/sh\n", "#cloud-config\n: [", "#cloud-config\nssh_authorized_keys: 7\n"):
            self.put(authorized_keys.USER_DATA, text)
            self.configure(ANNA)
        self.assertEqual(self.lines(), [DEPLOY, ANNA])


class Merging(unittest.TestCase):
    def test_whatever_is_there_what_is_wanted_is_in_and_what_was_ours_is_out(self):
        chance, pool = random.Random(11), [DEPLOY, ANNA, BEN, OTHER]
        for _ in range(500):
            there, wanted_keys, ours = (chance.sample(pool, chance.randrange(len(pool) + 1)) for _ in range(3))
            wanted_keys = wanted_keys or [DEPLOY]
            merged = authorized_keys.merge("".join(f"{key}\n" for key in there), wanted_keys, ours)
            result = merged.text.splitlines()
            stay = [key for key in there if key not in ours]
            self.assertEqual(sorted(result), sorted({*wanted_keys, *stay}))
            self.assertEqual(len(merged.strangers), len([key for key in stay if key not in wanted_keys]))
            self.assertEqual(authorized_keys.merge(merged.text, wanted_keys, ours).text, merged.text)


if __name__ == "__main__":
    unittest.main()
