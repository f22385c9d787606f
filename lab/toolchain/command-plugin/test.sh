#!/bin/sh
# Replays recordings of the published command plugin against a plugin, over gRPC and against sshd processes on loopback.
# Usage: test.sh [PLUGIN_DIR]    PLUGIN_DIR holds pulumi-resource-command; without it the one of this folder is built.
# Needs Go and OpenSSH's server (Debian: openssh-server); needs no root. The login shell is to be bash.
set -eu
cd "$(dirname "$0")"
plugin_dir=${1:+$(CDPATH='' cd -- "$OLDPWD" && cd -- "$1" && pwd)}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

set --
if [ -z "$plugin_dir" ]; then
  plugin_dir=$work/plugin
  go vet ./...
  go test ./remote
  go build -trimpath -o "$plugin_dir/pulumi-resource-command" .
  set -- -differences
fi
go test -c -o "$work/conformance.test" ./conformance

mkdir "$work/tmp"
cd conformance
TMPDIR=$work/tmp "$work/conformance.test" -test.parallel 8 -plugin "$plugin_dir" "$@"
