#!/bin/sh
# Says in which folder Debian's Prometheus and Alertmanager are as under /usr. They are fetched once and installed nowhere: their services
# would start.
set -eu
# shellcheck source=/dev/null
release=$(. /etc/os-release && echo "$ID-$VERSION_ID")
cache=${BBB_CLUSTER_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/bbb-cluster}
folder=$cache/monitoring-$release
if [ ! -d "$folder" ]; then
    echo "fetching Debian's prometheus and prometheus-alertmanager into $folder" >&2
    scratch=$folder.$$
    trap 'rm -rf "$scratch"' EXIT
    mkdir -p "$scratch"
    cd "$scratch"
    fetch() { apt-get -q -o APT::Sandbox::User=root download prometheus prometheus-alertmanager >&2; }
    fetch || { apt-get -q update >&2 && fetch; }
    for package in *.deb; do dpkg-deb -x "$package" .; done
    rm -- *.deb
    mv -T "$scratch" "$folder"
fi
echo "$folder/usr"
