#!/bin/sh
# Run by systemd when bbb-web starts: puts the cluster's options behind those that are set elsewhere, in a file that is
# read last. Options of your own belong into `systemctl edit bbb-web` or /etc/default/bbb-web, as ever.
mkdir -p /run/bbb-cluster
umask 077
others=$(printf %s "$JDK_JAVA_OPTIONS" | sed 's/[\\"$`]/\\&/g')
printf 'JDK_JAVA_OPTIONS="%s"\n' "${others:+$others }$*" > /run/bbb-cluster/bbb-web.env
