# Keeps one Kafka broker for as long as standard input stays open. $1: the folder of this file; $2, $3: free ports. Prints a line once it serves.
trap '' INT
version=4.3.1
jars="${HOME:-/tmp}/.cache/tracemesh/kafka/$version"
if [ ! -d "$jars" ]; then
    mkdir -p "${jars%/*}" && fetched=$(mktemp -d "${jars%/*}/.fetch-XXXXXX") || exit 1
    mvn -B -q -f "$1/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies \
        -DoutputDirectory="$fetched" -DincludeScope=runtime >&2 || { rm -rf "$fetched"; exit 1; }
    # two test processes may fetch at once: the first to finish wins
    mv -T "$fetched" "$jars" 2>/dev/null || rm -rf "$fetched"
fi

folder=$(mktemp -d /tmp/tracemesh-kafka-XXXXXX) || exit 1
trap 'rm -rf "$folder"' EXIT
cat >"$folder/server.properties" <<END
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:$3
listeners=PLAINTEXT://127.0.0.1:$2,CONTROLLER://127.0.0.1:$3
advertised.listeners=PLAINTEXT://127.0.0.1:$2
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
log.dirs=$folder/data
auto.create.topics.enable=false
group.initial.rebalance.delay.ms=0
offsets.topic.num.partitions=1
offsets.topic.replication.factor=1
transaction.state.log.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
END
config=$1
kafka() { exec java -Xms64m -Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 "-Dlog4j2.configurationFile=file:$config/log4j2.properties" -cp "$jars/*" "$@"; }
# any id does: no other broker will ever meet this one
(kafka kafka.tools.StorageTool format -t dHJhY2VtZXNoLXRlc3RzLQ -c "$folder/server.properties") >"$folder/log" 2>&1 \
    || { cat "$folder/log" >&2; exit 1; }
kafka kafka.Kafka "$folder/server.properties" >>"$folder/log" 2>&1 &
broker=$!
until grep -q 'Kafka Server started' "$folder/log"; do
    kill -0 $broker 2>/dev/null || { cat "$folder/log" >&2; exit 1; }
    sleep 0.1
done
echo "$folder"
cat >/dev/null
# its data is gone in a moment: it need not stop in order
kill -KILL $broker
wait $broker 2>/dev/null
