#!/bin/bash
# Packages and where they come from.

check_apache2() {
  if [ "$SKIP_APACHE_INSTALLED_CHECK" != true ] && dpkg -s apache2-bin >/dev/null 2>&1; then
    err "You must uninstall the Apache2 server first"
  fi
}

check_version() {
  if ! grep -Eq "@VERSIONS@" <<<"$VERSION"; then
    err "This script can only install BigBlueButton @LINE@ and is meant to be run on Ubuntu @UBUNTU@ server."
  fi
  DISTRIBUTION=${VERSION%%-*}
  local repository=https://$PACKAGE_REPOSITORY
  if ! wget -qS --spider "$repository/$VERSION/dists/bigbluebutton-$DISTRIBUTION/Release.gpg" >/dev/null 2>&1; then
    err "Unable to locate packages for $VERSION at $PACKAGE_REPOSITORY."
  fi
  [ "$EUID" = 0 ] || err "You must run this command as root."
  if [ -n "$PROXY" ]; then
    [[ $PROXY == *:* ]] || PROXY=$PROXY:3142
    echo "Acquire::http::Proxy \"http://$PROXY\";" >/etc/apt/apt.conf.d/01proxy
  fi
  local key=/etc/apt/keyrings/bigbluebutton.asc
  mkdir -p /etc/apt/keyrings
  wget -qO "$key" "$repository/repo/bigbluebutton.asc" || err "Unable to fetch the key of $PACKAGE_REPOSITORY."
  echo "deb [signed-by=$key] $repository/$VERSION bigbluebutton-$DISTRIBUTION main" >/etc/apt/sources.list.d/bigbluebutton.list
}

install_packages() {
  say "installing packages"
  apt_get update
  apt_get -y -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confnew dist-upgrade
  # Like the real script, without --force-conf…: a configuration file that is in the way makes dpkg ask, and fail.
  local packages=(bigbluebutton certbot)
  [ -n "$COTURN_HOST" ] || packages+=(coturn haproxy)
  apt_get -y install "${packages[@]}"
  if [ -n "$UFW" ] && [ ! -e /etc/bigbluebutton/bbb-conf/apply-config.sh ]; then
    printf '#!/bin/bash\n# Local changes that bbb-conf applies at each restart.\n' >/etc/bigbluebutton/bbb-conf/apply-config.sh
    chmod +x /etc/bigbluebutton/bbb-conf/apply-config.sh
  fi
  if [ "$(nproc)" -ge 8 ]; then
    mkdir -p /etc/systemd/system/bbb-web.service.d
    printf '[Service]\nLimitNOFILE=8192\n' >/etc/systemd/system/bbb-web.service.d/override.conf
    systemctl daemon-reload
  fi
}

apt_get() {
  apt-get -q -o DPkg::Lock::Timeout=300 "$@" || err "apt-get ${*: -1} did not succeed."
}
