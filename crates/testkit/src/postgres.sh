# Keeps a PostgreSQL server for as long as standard input stays open. $1: the folder of its programs. Prints the server's folder.
trap '' INT
folder=$(mktemp -d /tmp/tracemesh-postgres-XXXXXX) || exit 1
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 1
"$1/initdb" -D data -U postgres -A trust -E UTF8 --locale=C --no-sync >log 2>&1 || { cat log >&2; exit 1; }
"$1/postgres" -D data -k "$folder" -c listen_addresses= -c max_connections=400 \
    -c fsync=off -c full_page_writes=off -c shared_buffers=64MB >>log 2>&1 &
echo "$folder"
cat >/dev/null
kill -INT $!
wait $!
