#!/bin/bash
# haproxy, in front of nginx and TURN.

# Port 443: TLS ends here. What comes out of it is HTTP, told by ALPN or by its first byte, or else TURN.
install_haproxy() {
  haproxy_configuration >/etc/haproxy/haproxy.cfg
  chown root:haproxy /etc/haproxy/haproxy.cfg
  chmod 640 /etc/haproxy/haproxy.cfg
  for letter in {a..z} {A..Z}; do echo "$letter nginx"; done >/etc/haproxy/protocolmap
  mkdir -p /etc/letsencrypt/renewal-hooks/deploy
  renewal_hook >/etc/letsencrypt/renewal-hooks/deploy/haproxy
  chmod 0755 /etc/letsencrypt/renewal-hooks/deploy/haproxy
  /etc/letsencrypt/renewal-hooks/deploy/haproxy
}

haproxy_configuration() {
  cat <<HERE
global
  log /dev/log local0
  log /dev/log local1 notice
  chroot /var/lib/haproxy
  stats socket /run/haproxy/admin.sock mode 660 level admin expose-fd listeners
  stats timeout 30s
  user haproxy
  group haproxy
  daemon
  ca-base /etc/ssl/certs
  crt-base /etc/ssl/private
  ssl-default-bind-ciphers ECDH+AESGCM:DH+AESGCM:ECDH+AES256:DH+AES256:ECDH+AES128:DH+AES:RSA+AESGCM:RSA+AES:!aNULL:!MD5:!DSS
  ssl-default-bind-options ssl-min-ver TLSv1.2
  tune.ssl.default-dh-param 2048

defaults
  log global
  mode http
  option httplog
  option dontlognull
  timeout connect 5000
  timeout client 50000
  timeout server 50000

frontend nginx_or_turn
  bind *:443,:::443 ssl crt /etc/haproxy/certbundle.pem ssl-min-ver TLSv1.2 alpn @ALPN@
  mode tcp
  option tcplog
  tcp-request content capture req.payload(0,1) len 1
  tcp-request inspect-delay 30s
  use_backend nginx-http2 if { ssl_fc_alpn h2 }
  use_backend nginx if { ssl_fc_alpn http/1.1 }
  use_backend turn if { ssl_fc_alpn stun.turn }
  use_backend %[capture.req.hdr(0),map_str(/etc/haproxy/protocolmap,turn)]
  default_backend turn

backend turn
  mode tcp
  server localhost $IP:3478

backend nginx
  mode tcp
  server localhost 127.0.0.1:81 send-proxy check

backend nginx-http2
  mode tcp
  server localhost 127.0.0.1:82 send-proxy check
HERE
}

# certbot runs it after each renewal; haproxy wants certificate and key in one file.
renewal_hook() {
  cat <<HERE
#!/bin/bash -e

touch /etc/haproxy/certbundle.pem.new
chmod 0640 /etc/haproxy/certbundle.pem.new

{ cat /etc/letsencrypt/live/$HOST/fullchain.pem; echo; cat /etc/letsencrypt/live/$HOST/privkey.pem; } > /etc/haproxy/certbundle.pem.new
chown root:haproxy /etc/haproxy/certbundle.pem.new
mv /etc/haproxy/certbundle.pem.new /etc/haproxy/certbundle.pem
systemctl reload haproxy
HERE
}
