#!/bin/sh
# Runs a command with Debian's Prometheus and Alertmanager on PATH, in a network, a mount and a process namespace of its
# own: nobody else's ports are in the way, the machines of the examples have names there, and whatever the command starts
# is gone with it, whatever ends it.
set -eu
tools=$("$(dirname "$0")/tools.sh")
room=$(mktemp -d)
trap 'rmdir "$room"' EXIT
# shellcheck disable=SC2016 # expanded inside
ROOM=$room TOOLS=$tools PATH=$tools/bin:$PATH unshare --net --mount --pid --fork --kill-child --mount-proc -- sh -euc '
    mount -t tmpfs none "$ROOM"
    {
        echo "127.0.0.1 localhost mail.example.edu"
        for machine in bbb bbb-01 bbb-02 bbb-lb; do echo "127.0.0.1 $machine.example.com"; done
    } >"$ROOM/hosts"
    mount --bind "$ROOM/hosts" /etc/hosts
    # Alertmanager reads its templates there.
    mount -t overlay overlay -o "lowerdir=$TOOLS/share:/usr/share" /usr/share
    ip link set lo up
    MONITORING_RIG=$ROOM exec "$@"
' sh "$@"
