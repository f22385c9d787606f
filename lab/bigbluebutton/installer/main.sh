#!/bin/bash
# shellcheck disable=SC2034 # What is set here is used by the other parts.
# The lab's bbb-install.sh for BigBlueButton @LINE@: its command line and order of steps, for the simulated packages on
# Debian 12. Its words and files are those of bigbluebutton/bbb-install, branch v@LINE@.x-release.
# Left out: what -g, -k, -t, -m and -x install; these options are taken and reported.

usage() {
  cat 1>&2 <<HERE

Script for installing a BigBlueButton @LINE@ server (simulated) in the lab.

USAGE:
    wget -qO- https://packages.lab.test/v@LINE@.x-release/bbb-install.sh | bash -s -- [OPTIONS]

OPTIONS (install BigBlueButton):

  -v <version>           Install given version of BigBlueButton (e.g. '@VERSIONS@0') (required)

  -s <hostname>          Configure server with <hostname>
  -e <email>             Email for Let's Encrypt certbot
  -x                     Use Let's Encrypt certbot with manual DNS challenges
  -g                     Install Greenlight version 3
  -k                     Install Keycloak version 20
  -t <key>:<secret>      Install BigBlueButton LTI framework tools
  -c <hostname>:<secret> Configure with external coturn server
  -m <link_path>         Create a Symbolic link from /var/bigbluebutton to <link_path>
  -p <host>[:<port>]     Use apt-get proxy at <host> (default port 3142)
  -r <host>              Use alternative apt repository
  -d                     Skip SSL certificates request (use /local/certs/)
  -w                     Install UFW firewall (recommended)
  -j                     Allows the installation to proceed even if not all requirements are met
  -i                     Allows the installation to proceed even if Apache webserver is installed
  -h                     Print help

HERE
}

PACKAGE_REPOSITORY=packages.lab.test
SITE=/etc/nginx/sites-available/bigbluebutton
WEBROOT=/var/www/bigbluebutton-default/assets
# Machines of the lab share one computer, so that less is asked of them than of a real server (4 GB, 4 cores).
MINIMUM_MEMORY_KB=1000000
MINIMUM_CORES=1

main() {
  export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
  parse_options "$@"
  # Asked by wget, before anything is installed.
  [ -z "$VERSION" ] || check_version
  check_apache2
  if [ -z "$VERSION" ]; then
    usage
    exit 0
  fi
  check_machine
  install_packages
  if [ -n "$PROVIDED_CERTIFICATE" ] || [ -n "$EMAIL" ]; then
    install_ssl
  fi
  install_turn
  say "configuring $HOST"
  bbb-conf --setip "$HOST" || err "bbb-conf --setip $HOST did not succeed."
  bbb-conf --check
}

parse_options() {
  while builtin getopts "hs:r:c:v:e:p:m:t:xgadwjik" opt "${@}"; do
    case $opt in
      h) usage; exit 0 ;;
      s)
        HOST=$OPTARG
        [ "$HOST" != bbb.example.com ] || err "You must specify a valid hostname (not the hostname given in the docs)."
        ;;
      e)
        EMAIL=$OPTARG
        [ "$EMAIL" != info@example.com ] || err "You must specify a valid email address (not the email in the docs)."
        ;;
      c)
        [[ $OPTARG == *?:?* ]] || err "Option for coturn must be <hostname>:<secret>"
        COTURN_HOST=${OPTARG%%:*}
        COTURN_SECRET=${OPTARG#*:}
        ;;
      t)
        [[ $OPTARG == *:* ]] || err "You must respect the format <key>:<secret> when specifying your LTI credentials."
        LEFT_OUT+=" -t"
        ;;
      r) PACKAGE_REPOSITORY=$OPTARG ;;
      v) VERSION=$OPTARG ;;
      p) PROXY=$OPTARG ;;
      a) err "Error: bbb-demo (API demos, '-a' option) were deprecated in BigBlueButton 2.6. Please use Greenlight or API MATE" ;;
      d) PROVIDED_CERTIFICATE=true ;;
      w) UFW=true ;;
      j) SKIP_MIN_SERVER_REQUIREMENTS_CHECK=true ;;
      i) SKIP_APACHE_INSTALLED_CHECK=true ;;
      x | g | k | m) LEFT_OUT+=" -$opt" ;;
      *) usage_err "Invalid option" ;;
    esac
  done
}

check_machine() {
  [ "$(uname -m)" = x86_64 ] || err "You must run this command on a 64-bit server."
  [ -n "$HOST" ] || HOST=$(hostname -I | cut -d' ' -f1)
  if awk -v least="$MINIMUM_MEMORY_KB" '$1 ~ /MemTotal/ { exit !($2 < least) }' /proc/meminfo; then
    requirement "Your server should have (at least) $((MINIMUM_MEMORY_KB / 1000)) MB of memory."
  fi
  if [ "$(nproc --all)" -lt "$MINIMUM_CORES" ]; then
    requirement "Your server needs to have (at least) $MINIMUM_CORES CPU cores."
  fi
  [ -f /proc/net/if_inet6 ] || requirement "Your server does not support IPv6"
  [ -z "$LEFT_OUT" ] || say "the lab leaves out:$LEFT_OUT"
}

requirement() {
  echo "$1"
  [ "$SKIP_MIN_SERVER_REQUIREMENTS_CHECK" = true ] || exit 1
}

say() {
  echo "bbb-install: $1"
}

err() {
  say "$1" >&2
  exit 1
}

usage_err() {
  say "$1" >&2
  usage
  exit 1
}
