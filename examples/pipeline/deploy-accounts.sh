#!/usr/bin/env bash
# Brings an accounts file to a server and lets the server read it. A file that the server cannot read is refused before it
# replaces the old one; the server itself would keep the old one and say so only in its log.
set -euo pipefail

file=$1
host=$2

key=$(mktemp)
trap 'rm -f "$key"' EXIT
printf '%s\n' "$SSH_KEY" > "$key"
remote() { ssh -i "$key" "nats@$host" "$@"; }

# The server's variables are in its own environment file, so that the check sees what the server will see.
remote 'cat > /etc/nats/accounts.conf.new' < "$file"
remote 'set -a && . /etc/nats/environment && nats-server -t -c /etc/nats/accounts.conf.new'
remote 'mv /etc/nats/accounts.conf.new /etc/nats/accounts.conf && nats-server --signal reload=/run/nats/nats.pid'
