#!/bin/sh
# Runs a command in a network, a mount and a process namespace of its own: nginx listens at its real addresses there, and
# reads its files where the proxy has them. All of it is gone with the command, or with whoever is killed outside.
set -eu
room=$(mktemp -d)
trap 'trap "" INT TERM; rmdir "$room"' EXIT
# sh leaves without that when a signal ends it, and heeds none while it waits for what is not in the background.
trap 'exit 130' INT
trap 'exit 143' TERM
# shellcheck disable=SC2016 # expanded inside
ROOM=$room setpriv --pdeathsig KILL unshare --net --mount --pid --fork --kill-child --mount-proc -- sh -euc '
    mount -t tmpfs none "$ROOM"
    for folder in etc var; do
        mkdir "$ROOM/$folder" "$ROOM/$folder-work"
        mount -t overlay overlay -o "lowerdir=/$folder,upperdir=$ROOM/$folder,workdir=$ROOM/$folder-work" "/$folder"
    done
    mount -t tmpfs none /run
    if [ -n "${NGINX:-}" ]; then mount --bind "$NGINX" /usr/sbin/nginx; fi
    ip link set lo up
    # The proxy is a machine of its own: here are the nodes, and whoever asks.
    ip netns add door
    ip link add cable type veth peer name cable netns door
    ip link set cable up
    ip -n door link set lo up
    ip -n door link set cable up
    ip address add 203.0.113.1/24 dev cable
    ip -n door address add 203.0.113.10/24 dev cable
    ip -n door address add 10.0.1.2/24 dev cable
    for node in $(seq 11 60); do ip address add "10.0.1.$node/24" dev cable; done
    # A flood comes from one address here, and finds its ports more slowly the fewer are left.
    echo 1024 65535 >/proc/sys/net/ipv4/ip_local_port_range
    FRONT_DOOR_RIG=$ROOM exec "$@"
' sh "$@" &
wait $!
