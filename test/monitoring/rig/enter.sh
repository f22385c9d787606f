#!/bin/sh
# Runs a command with Debian's Prometheus and Alertmanager on PATH, in a network, a mount and a process namespace of its
# own: nobody else's ports are in the way, the machines of the examples have names there, and whatever the command starts
# is gone with it, whatever ends it. With RIG_NETWORK=here it stays in the network that it is started in.
set -eu
tools=$("$(dirname "$0")/tools.sh")
room=$(mktemp -d)
trap 'rmdir "$room"' EXIT
own=--net
[ "${RIG_NETWORK:-own}" = own ] || own=
# shellcheck disable=SC2016,SC2086 # expanded inside; nothing where it is empty
OWN=$own ROOM=$room TOOLS=$tools PATH=$tools/bin:$PATH unshare $own --mount --pid --fork --kill-child --mount-proc -- sh -euc '
    mount -t tmpfs none "$ROOM"
    {
        echo "127.0.0.1 localhost mail.example.edu"
        [ -z "$OWN" ] || for machine in bbb bbb-01 bbb-02 bbb-lb; do echo "127.0.0.1 $machine.example.com"; done
    } >"$ROOM/hosts"
    mount --bind "$ROOM/hosts" /etc/hosts
    # Alertmanager reads its templates there.
    mount -t overlay overlay -o "lowerdir=$TOOLS/share:/usr/share" /usr/share
    [ -z "$OWN" ] || ip link set lo up
    MONITORING_RIG=$ROOM exec "$@"
' sh "$@"
