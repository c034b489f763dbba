#!/usr/bin/env bash
# Runs a command with a Kafka broker beside it, whose address is put behind the command as its last word. The broker and all that it has kept end
# with the command.
set -euo pipefail

kafka="$(dirname "$0")/../crates/testkit/kafka"
read -r port controller < <(shuf -n 2 -i 20000-29999 | xargs)
coproc KEEPER { sh "$kafka/broker.sh" "$kafka" "$port" "$controller"; }
read -r _ <&"${KEEPER[0]}" || { echo "with-broker: the broker does not start; its messages stand above" >&2; exit 1; }
status=0
"$@" "127.0.0.1:$port" || status=$?
keeper=$KEEPER_PID
eval "exec ${KEEPER[1]}>&-"
wait "$keeper" || true
exit "$status"
