"""What load balancers, their machines and those that tell one are asked for, read as their commands read it."""

import support  # noqa: F401
from bbb_cluster.balancer import bbblb_player, bbblb_secrets, bbblb_tenants, bbblb_volume
from bbb_cluster.commands import (
    configure_balancer,
    front_door,
    keep_backup,
    keep_balancer,
    keep_balancer_secrets,
    membership,
)
from bbb_cluster.settings import manifest
from bbb_cluster.system import request
from bbb_cluster.tls import certificate_settings


def configure(sent):
    """As configure-balancer does."""
    request.only(sent, configure_balancer.FIELDS)
    certificate_settings.parse(sent)
    bbblb_tenants.parse(sent)
    bbblb_volume.parse(sent)
    bbblb_player.parse(sent)
    return manifest.for_any(manifest.parse(request.field(sent, "files", list)))


FIELDS = {
    "configure-balancer": configure_balancer.FIELDS,
    "keep-balancer-secrets": keep_balancer_secrets.FIELDS,
    "keep-backup": keep_backup.FIELDS,
    "join-balancer": membership.FIELDS,
    "prove-front-door": front_door.FIELDS,
}
PARSERS = {
    "configure-balancer": configure,
    "keep-balancer-secrets": bbblb_secrets.keep,
    "keep-balancer": keep_balancer.parse,
    "keep-backup": keep_backup.parse,
    "join-balancer": membership.parse,
    "prove-front-door": front_door.parse,
}
