#!/bin/bash
# The lab's bbb-install.sh: BigBlueButton's command line and order of steps, for the simulated packages on Debian 12.
# Left out: haproxy and with it TURN over TLS on 443 (nginx serves 443 itself, as the real script does with -c), and what
# -g, -k, -t, -m and -x install; these options are taken and reported.

usage() {
  cat 1>&2 <<HERE

Script for installing a BigBlueButton server (simulated) in the lab.

USAGE:
    wget -qO- https://packages.lab.test/bbb-install.sh | bash -s -- [OPTIONS]

OPTIONS (install BigBlueButton):

  -v <version>           Install given version of BigBlueButton (e.g. 'jammy-300') (required)

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
  parse_options "$@"
  if [ -z "$VERSION" ]; then
    usage
    exit 0
  fi
  export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
  check_machine
  check_version
  install_packages
  configure_turn
  if [ -n "$PROVIDED_CERTIFICATE" ] || [ -n "$EMAIL" ]; then
    install_ssl
  fi
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
  if [ -n "$VERSION" ] && ! grep -Eq "^(focal-27|jammy-30|noble-40)" <<<"$VERSION"; then
    err "This script cannot install $VERSION; it knows e.g. jammy-300 and jammy-300-3.0.30."
  fi
}

check_machine() {
  [ "$EUID" = 0 ] || err "You must run this command as root."
  [ "$(uname -m)" = x86_64 ] || err "You must run this command on a 64-bit server."
  [ -n "$HOST" ] || HOST=$(hostname -I | cut -d' ' -f1)
  if [ "$SKIP_APACHE_INSTALLED_CHECK" != true ] && dpkg -s apache2-bin >/dev/null 2>&1; then
    err "You must uninstall the Apache2 server first"
  fi
  if awk -v least="$MINIMUM_MEMORY_KB" '$1 ~ /MemTotal/ { exit !($2 < least) }' /proc/meminfo; then
    requirement "Your server should have (at least) $((MINIMUM_MEMORY_KB / 1000)) MB of memory."
  fi
  if [ "$(nproc --all)" -lt "$MINIMUM_CORES" ]; then
    requirement "Your server needs to have (at least) $MINIMUM_CORES CPU cores."
  fi
  [ -f /proc/net/if_inet6 ] || requirement "Your server does not support IPv6"
  [ -z "$LEFT_OUT" ] || say "the lab leaves out:$LEFT_OUT"
}

check_version() {
  DISTRIBUTION=${VERSION%%-*}
  say "looking for $VERSION at $PACKAGE_REPOSITORY"
  local repository=https://$PACKAGE_REPOSITORY
  if ! wget -qS --spider "$repository/$VERSION/dists/bigbluebutton-$DISTRIBUTION/Release.gpg" >/dev/null 2>&1; then
    err "Unable to locate packages for $VERSION at $PACKAGE_REPOSITORY."
  fi
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
  [ -n "$COTURN_HOST" ] || packages+=(coturn)
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

# Without -c this server relays by itself, and only to itself: whoever cannot reach the media ports does it through here.
configure_turn() {
  if [ -z "$COTURN_HOST" ]; then
    COTURN_HOST=$HOST
    # A configuration of coturn that is not Debian's own is the administrator's.
    if grep -q "#static-auth-secret=north" /etc/turnserver.conf; then
      COTURN_SECRET=$(head -c 32 /dev/urandom | base64)
      turnserver_configuration "$(ip -4 route get 192.0.2.1 | sed -n 's/.* src \([0-9.]*\).*/\1/p')" >/etc/turnserver.conf
      chown root:turnserver /etc/turnserver.conf
      chmod 640 /etc/turnserver.conf
      systemctl restart coturn
    else
      COTURN_SECRET=$(sed -n 's/^static-auth-secret=//p' /etc/turnserver.conf)
    fi
  fi
  turn_servers >/etc/bigbluebutton/turn-stun-servers.xml
  chown root:bigbluebutton /etc/bigbluebutton/turn-stun-servers.xml
  chmod 640 /etc/bigbluebutton/turn-stun-servers.xml
}

turnserver_configuration() {
  cat <<HERE
listening-port=3478

listening-ip=$1
relay-ip=$1

min-port=32769
max-port=65535

fingerprint
lt-cred-mech
use-auth-secret
static-auth-secret=$COTURN_SECRET
realm=$HOST

keep-address-family

no-cli
no-tls
no-dtls

# Connections may go to the media server of this machine and to nothing else.
no-multicast-peers
denied-peer-ip=0.0.0.0-255.255.255.255
denied-peer-ip=::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff
allowed-peer-ip=$1
HERE
}

turn_servers() {
  cat <<HERE
<?xml version="1.0" encoding="UTF-8"?>
<beans xmlns="http://www.springframework.org/schema/beans"
        xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
        xsi:schemaLocation="http://www.springframework.org/schema/beans
        http://www.springframework.org/schema/beans/spring-beans-2.5.xsd">

    <bean id="stun0" class="org.bigbluebutton.web.services.turn.StunServer">
        <constructor-arg index="0" value="stun:$COTURN_HOST:3478"/>
    </bean>

    <bean id="turn0" class="org.bigbluebutton.web.services.turn.TurnServer">
        <constructor-arg index="0" value="$COTURN_SECRET"/>
        <constructor-arg index="1" value="turn:$COTURN_HOST:3478"/>
        <constructor-arg index="2" value="86400"/>
    </bean>

    <bean id="stunTurnService" class="org.bigbluebutton.web.services.turn.StunTurnService">
        <property name="stunServers">
            <set>
                <ref bean="stun0"/>
            </set>
        </property>
        <property name="turnServers">
            <set>
                <ref bean="turn0"/>
            </set>
        </property>
    </bean>
</beans>
HERE
}

install_ssl() {
  local live=/etc/letsencrypt/live/$HOST
  if [ -n "$PROVIDED_CERTIFICATE" ]; then
    mkdir -p "$live"
    ln -sf /local/certs/fullchain.pem /local/certs/privkey.pem "$live/"
  elif [ ! -f "$live/fullchain.pem" ]; then
    challenge_site >"$SITE"
    systemctl reload-or-restart nginx
    say "requesting a certificate for $HOST"
    if ! certbot --email "$EMAIL" --agree-tos --non-interactive --webroot -w "$WEBROOT/" -d "$HOST" \
      --deploy-hook "systemctl reload nginx" certonly; then
      err "Let's Encrypt SSL request for $HOST did not succeed - exiting"
    fi
  fi
  { challenge_site; tls_site; } >"$SITE"
  nginx -t -q || err "nginx does not accept its configuration."
  systemctl reload-or-restart nginx
}

challenge_site() {
  cat <<HERE
server_tokens off;

server {
  listen 80;
  listen [::]:80;
  server_name $HOST;

  location ^~ / {
    return 301 https://\$server_name\$request_uri; #redirect HTTP to HTTPS
  }

  location ^~ /.well-known/acme-challenge/ {
    allow all;
    default_type "text/plain";
    root $WEBROOT;
  }

  location = /.well-known/acme-challenge/ {
    return 404;
  }
}
HERE
}

tls_site() {
  cat <<HERE

server {
  listen 443 ssl http2;
  listen [::]:443 ssl http2;
  server_name $HOST;

  ssl_certificate /etc/letsencrypt/live/$HOST/fullchain.pem;
  ssl_certificate_key /etc/letsencrypt/live/$HOST/privkey.pem;
  ssl_session_cache shared:SSL:10m;
  ssl_session_timeout 10m;
  ssl_protocols TLSv1.2 TLSv1.3;

  access_log  /var/log/nginx/bigbluebutton.access.log;

  # Used instead of \$scheme by BigBlueButton's own files, so that it can be overridden behind a reverse proxy.
  set \$real_scheme \$scheme;

  location / {
    root   $WEBROOT;
    try_files \$uri @bbb-fe;
  }

  include /etc/bigbluebutton/nginx/*.nginx;
}
HERE
}

apt_get() {
  apt-get -q -o DPkg::Lock::Timeout=300 "$@" || err "apt-get ${*: -1} did not succeed."
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

main "$@" || exit 1
