"""The commands as `__main__` calls them: with the digest of the request's bytes."""

import hashlib
import json

import support  # noqa: F401
from bbb_cluster import __main__ as main


def digest_of(request):
    """The SHA-256 of a request's bytes."""
    return hashlib.sha256(json.dumps(request).encode()).hexdigest()


def noted(request, state):
    """How a request is noted."""
    return {"digest": digest_of(request), "state": state}


def _command(name):
    def run(request):
        return main.COMMANDS[name][0](request, digest_of(request))

    return run


configure_node = _command("configure-node")
keep_secrets = _command("keep-secrets")
configure_proxy = _command("configure-proxy")
keep_balancer_secrets = _command("keep-balancer-secrets")
configure_balancer = _command("configure-balancer")
add_route = _command("add-route")
remove_route = _command("remove-route")


def drift():
    """What `drift` answers."""
    return main.COMMANDS["drift"][0]({}, "")


class FindsDrift:
    """For tests of what `drift` finds on a Machine."""

    def findings(self):
        """The findings, and the law that looking for drift writes nothing."""
        current = self.everything("")
        result = drift()
        self.assertEqual(self.everything(""), current)
        self.assertEqual(result["digest"] == "", not result["findings"])
        return result["findings"]
