#!/bin/sh
# Runs tests in a Debian 13, a copy of the root file system that is the first argument, in namespaces of their own with
# nothing but a loopback, and the way to an nginx in one of its own. All of it is gone with the tests.
set -eu
repository=$(cd "$(dirname "$0")/../../.." && pwd)
room=$(mktemp -d)
trap 'rmdir "$room"' EXIT
# shellcheck disable=SC2016 # expanded inside
ROOM=$room REPOSITORY=$repository unshare --net --mount --ipc --pid --fork --kill-child --mount-proc -- sh -euc '
    base=$1
    shift
    mount -t tmpfs none "$ROOM"
    mkdir "$ROOM/upper" "$ROOM/work" "$ROOM/root"
    mount -t overlay overlay -o "lowerdir=$base,upperdir=$ROOM/upper,workdir=$ROOM/work" "$ROOM/root"
    root=$ROOM/root
    mkdir -p "$root/repository"
    mount --bind "$REPOSITORY" "$root/repository"
    mount -o remount,bind,ro "$root/repository"
    mount -t proc proc "$root/proc"
    mount --rbind /dev "$root/dev"
    mount -t tmpfs none "$root/dev/shm"
    mount -t tmpfs none "$root/run"
    mount -t tmpfs none "$root/tmp"
    ip link set lo up
    # nginx is where its address is, apart from the nodes with their ports 443.
    mount -t tmpfs none /run
    ip netns add front
    ip link add cable type veth peer name cable netns front
    ip link set cable up
    ip -n front link set lo up
    ip -n front link set cable up
    ip address add 203.0.113.1/24 dev cable
    ip -n front address add 203.0.113.10/24 dev cable
    mkdir "$root/run/netns"
    mount --rbind /run/netns "$root/run/netns"
    # Clients that are written for Node.js run by the one that is here.
    touch "$root/usr/local/bin/node"
    mount --bind "$NODE" "$root/usr/local/bin/node"
    here=/repository/test/balancer
    exec env -i BALANCER_FILES="$BALANCER_FILES" PATH=/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 HOME=/root \
        PYTHONDONTWRITEBYTECODE=1 PYTHONPATH="$here:$here/rig:/repository/host" \
        chroot "$root" python3 -m unittest "$@"
' sh "$@"
