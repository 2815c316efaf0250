#!/usr/bin/env bash
# deploy-accounts.sh FILE HOST...
# Brings an accounts file to one or more servers and lets them read it. What a server cannot read is refused before it
# replaces the old file, and the script fails unless each server runs with the new one in the end: of a reload that it
# refuses, a server tells its log only.
#
# The folder of a server's configuration has
#   nats.conf      jetstream { store_dir: "/data" }   http: "127.0.0.1:8222"   include "accounts.conf"
#   secrets.conf   what accounts.conf names, a line each: PROD_CONVEX_PASSWORD: "…"; for the server's eyes only
# Each reload reads secrets.conf again; the environment of a server that runs is never read again. With NATS_SECRETS, a file
# here with such lines, there is no secrets.conf: the lines become a part of accounts.conf, so that a new user and its password
# get there at one moment. It has a line for each variable that the file names, and no other.
set -euo pipefail

file=$1
shift
folder=${NATS_FOLDER:-/etc/nats}
pid=${NATS_PID_FILE:-/run/nats/nats.pid}
monitor=${NATS_MONITOR:-http://127.0.0.1:8222}

private=$(mktemp -d)
trap 'rm -rf "$private"' EXIT
(umask 077 && printf '%s\n' "$SSH_KEY" > "$private/key" && printf '%s\n' "$SSH_KNOWN_HOSTS" > "$private/hosts")
remote() { ssh -i "$private/key" -o "UserKnownHostsFile=$private/hosts" "nats@$host" "$1"; }
accounts() { if [ -n "${NATS_SECRETS:-}" ]; then cat "$NATS_SECRETS"; else echo 'include "secrets.conf"'; fi && cat "$file"; }

for host in "$@"; do
accounts | remote "umask 077 && cat > $(printf %q "$folder/accounts.conf.new")"

remote "bash -seu -- $(printf '%q ' "$folder" "$pid" "$monitor")" << 'REMOTE'
cd "$1"
trap 'rm -f accounts.conf.new nats.conf.new' EXIT
sed -E "s#(include[[:space:]]+[\"']?([^\"'[:space:]]*/)?)accounts\.conf([\"'[:space:]]|$)#\1accounts.conf.new\3#" nats.conf > nats.conf.new
if cmp -s nats.conf nats.conf.new; then
  echo "nats.conf includes no accounts.conf" >&2
  exit 1
fi
nats-server -t -c nats.conf.new
if [ -e accounts.conf ]; then chmod --reference=accounts.conf accounts.conf.new; fi
grep -q '^include "secrets.conf"$' accounts.conf.new || chmod 600 accounts.conf.new
mv accounts.conf.new accounts.conf
digest=$(nats-server -t -c nats.conf 2>&1 | grep -o 'sha256:[0-9a-f]*')
# Twice: the server wires service imports of an account that is new only at the second time.
for _ in 1 2; do
  nats-server --signal "reload=$2"
  sleep 1
done
if ! curl -fsS "$3/varz" | grep -q "$digest"; then
  echo "the server does not run with the new accounts file; its log says why" >&2
  exit 1
fi
# The server sets the limits of all accounts aside. Where that is more than it has, an account gets no JetStream, which only
# the log says ("Error enabling jetstream on configured accounts"), and at its next start the server does not come up.
enabled=$(curl -fsS "$3/jsz?accounts=true&limit=100000")
missing=$(awk '/^  [^ ]+ \{$/ { name = $1; gsub(/[":]/, "", name) } /^    jetstream:/ { print name }' accounts.conf |
  while read -r account; do grep -q "\"name\": \"$account\"" <<< "$enabled" || echo "$account"; done)
if [ -n "$missing" ]; then
  echo "accounts without JetStream, since the limits of all are above max_file_store or max_memory_store:" $missing >&2
  exit 1
fi
REMOTE
done
