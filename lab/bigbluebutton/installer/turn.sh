#!/bin/bash
# shellcheck disable=SC2034 # IP is used by haproxy.sh.
# STUN and TURN.

# Without -c this server relays by itself, and only to itself: whoever cannot reach the media ports does it through here,
# over UDP and TCP 3478 or, by way of haproxy, over TLS on 443. With -c nginx serves 443 itself.
install_turn() {
  if [ -n "$COTURN_HOST" ]; then
    configure_turn
    if systemctl is-active --quiet haproxy; then systemctl disable --now haproxy; fi
    return
  fi
  IP=$(ip -4 route get 192.0.2.1 | sed -n 's/.* src \([0-9.]*\).*/\1/p')
  COTURN_HOST=$HOST
  # A configuration of coturn that is not Debian's own is the administrator's.
  if grep -q "#static-auth-secret=north" /etc/turnserver.conf; then
    COTURN_SECRET=$(head -c 32 /dev/urandom | base64)
    turnserver_configuration "$IP" >/etc/turnserver.conf
    chown root:turnserver /etc/turnserver.conf
    chmod 640 /etc/turnserver.conf
    systemctl restart coturn
  else
    COTURN_SECRET=$(sed -n 's/^static-auth-secret=//p' /etc/turnserver.conf)
  fi
  configure_turn
  install_haproxy
  # It may have been disabled by an earlier run with -c.
  systemctl enable --now haproxy
}

configure_turn() {
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

    <bean id="turn1" class="org.bigbluebutton.web.services.turn.TurnServer">
        <constructor-arg index="0" value="$COTURN_SECRET"/>
        <constructor-arg index="1" value="turns:$COTURN_HOST:443?transport=tcp"/>
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
                <ref bean="turn1"/>
            </set>
        </property>
    </bean>
</beans>
HERE
}
