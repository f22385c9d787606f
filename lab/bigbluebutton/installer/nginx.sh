#!/bin/bash
# The certificate, and nginx's site.

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
  if [ -n "$COTURN_HOST" ]; then
    { challenge_site; tls_site; } >"$SITE"
  else
    { challenge_site; site_behind_haproxy; } >"$SITE"
  fi
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

  # Used instead of \$scheme by BigBlueButton's own files, so that it can be overridden behind a reverse proxy.
  set \$real_scheme \$scheme;
HERE
  rest_of_site
}

# haproxy ends TLS and leads HTTP/2 to port 82 and HTTP/1.x to port 81, both with the browser's address before it.
site_behind_haproxy() {
  cat <<HERE

set_real_ip_from 127.0.0.1;
real_ip_header proxy_protocol;
real_ip_recursive on;

server {
  listen 127.0.0.1:82 http2 proxy_protocol;
  listen [::1]:82 http2;
  listen 127.0.0.1:81 proxy_protocol;
  listen [::1]:81;
  server_name $HOST;

  # nginx knows neither port nor protocol of what is in front of it.
  absolute_redirect off;
  set \$real_scheme "https";
HERE
  rest_of_site
}

rest_of_site() {
  cat <<HERE

  access_log  /var/log/nginx/bigbluebutton.access.log;

  location / {
    root   $WEBROOT;
    try_files \$uri @bbb-fe;
  }

  include /etc/bigbluebutton/nginx/*.nginx;
}
HERE
}
