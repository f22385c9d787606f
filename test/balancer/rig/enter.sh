#!/bin/sh
# Runs tests in a Debian 13, a copy of the root file system that is the first argument, in namespaces of their own with
# nothing but a loopback. All of it is gone with the tests.
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
    here=/repository/test/balancer
    exec env -i PATH=/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 HOME=/root \
        PYTHONDONTWRITEBYTECODE=1 PYTHONPATH="$here:$here/rig:/repository/host" \
        chroot "$root" python3 -m unittest "$@"
' sh "$@"
