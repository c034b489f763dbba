//! One Kafka broker for all tests of a process: a real one, of the version that is supported, in one JVM without containers. A test keeps to
//! itself by topics of its own.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;
use std::time::Duration;

use futures::future::join_all;
use rdkafka::admin::{AdminClient, AdminOptions, NewTopic, TopicReplication};
use rdkafka::client::DefaultClientContext;
use rdkafka::config::FromClientConfig;
use rdkafka::consumer::{Consumer, StreamConsumer};
use rdkafka::message::{Header, Headers, Message as _, OwnedHeaders};
use rdkafka::producer::{FutureProducer, FutureRecord};
use rdkafka::{ClientConfig, Offset, TopicPartitionList};
use tokio::time::{Instant, timeout_at};

/// Its jars; fetched by Maven once, and kept beside the build.
const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/kafka");
/// Ports that were free a moment ago can be taken by somebody else.
const TRIES: usize = 3;
const PATIENCE: Duration = Duration::from_secs(30);

/// Never dropped: that the process ends is what closes the pipe, and the keeper stops the broker then.
static BROKER: LazyLock<Running> = LazyLock::new(Running::start);

struct Running {
    servers: String,
    _keeper: Child,
}

/// The broker of this process, as a test uses it.
pub struct Broker {
    servers: &'static str,
    producer: FutureProducer,
}

/// What a test sends.
#[derive(Clone, Default, Debug)]
pub struct Message {
    /// None: wherever the key leads.
    pub partition: Option<i32>,
    pub key: String,
    pub payload: Vec<u8>,
    pub headers: Vec<(String, String)>,
}

/// What a test reads.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Received {
    pub partition: i32,
    pub offset: i64,
    pub key: String,
    pub payload: Vec<u8>,
    pub headers: BTreeMap<String, String>,
}

impl Broker {
    /// Starts it, if this is the first test that asks.
    pub async fn start() -> Self {
        let running = tokio::task::spawn_blocking(|| &*BROKER).await.expect("the broker starts");
        Self { servers: &running.servers, producer: client(&running.servers, &[("enable.idempotence", "true"), ("linger.ms", "1")]) }
    }

    /// `host:port`
    pub fn servers(&self) -> &str {
        self.servers
    }

    /// The same broker through another producer: compression, transactions.
    #[must_use]
    pub fn producing(&self, settings: &[(&str, &str)]) -> Self {
        Self { servers: self.servers, producer: client(self.servers, settings) }
    }

    /// For what only its owner does, such as a transaction.
    pub fn producer(&self) -> &FutureProducer {
        &self.producer
    }

    pub async fn make_topic(&self, topic: &str, partitions: i32, settings: &[(&str, &str)]) {
        let new =
            settings.iter().fold(NewTopic::new(topic, partitions, TopicReplication::Fixed(1)), |new, (key, value)| new.set(key, value));
        let made = self.admin().create_topics(&[new], &AdminOptions::new()).await.expect("the broker answers");
        made.into_iter().for_each(|made| drop(made.expect("a topic can be made")));
    }

    /// Whether the broker has the topic, with all partitions led.
    pub fn has_topic(&self, topic: &str) -> bool {
        let metadata = self.admin().inner().fetch_metadata(None, PATIENCE).expect("the broker answers");
        metadata.topics().iter().any(|known| known.name() == topic && known.partitions().iter().all(|partition| partition.leader() >= 0))
    }

    /// Sends all, and gives where the broker has acknowledged each, in order. A topic that is not there yet is waited for.
    pub async fn send(&self, topic: &str, messages: &[Message]) -> Vec<(i32, i64)> {
        let sent = messages.iter().map(|message| {
            let headers = message
                .headers
                .iter()
                .fold(OwnedHeaders::new(), |headers, (key, value)| headers.insert(Header { key, value: Some(value) }));
            let record = FutureRecord {
                topic,
                partition: message.partition,
                payload: Some(&message.payload),
                key: Some(&message.key),
                timestamp: None,
                headers: Some(headers),
            };
            self.producer.send(record, PATIENCE)
        });
        let acknowledged = join_all(sent).await.into_iter();
        acknowledged
            .map(|sent| sent.map(|at| (at.partition, at.offset)).map_err(|(error, _)| error).expect("the broker takes it"))
            .collect()
    }

    /// Everything on a topic from its beginning, until it is enough.
    pub async fn read(
        &self,
        topic: &str,
        patience: Duration,
        mut enough: impl FnMut(&[Received]) -> bool,
    ) -> Result<Vec<Received>, Vec<Received>> {
        let consumer: StreamConsumer = client(self.servers, &[("group.id", "tests"), ("enable.auto.commit", "false")]);
        let metadata = consumer.fetch_metadata(Some(topic), PATIENCE).expect("the broker answers");
        let mut all = TopicPartitionList::new();
        for partition in metadata.topics()[0].partitions() {
            all.add_partition_offset(topic, partition.id(), Offset::Beginning).expect("an offset can be named");
        }
        consumer.assign(&all).expect("partitions can be assigned");
        let (mut received, until) = (Vec::new(), Instant::now() + patience);
        while !enough(&received) {
            match timeout_at(until, consumer.recv()).await {
                Ok(Ok(message)) => received.push(Received::of(&message)),
                Ok(Err(error)) => eprintln!("{topic}: {error}"),
                Err(_) => return Err(received),
            }
        }
        Ok(received)
    }

    /// Removes what stands before an offset, as retention does.
    pub async fn delete_before(&self, topic: &str, partition: i32, offset: i64) {
        let mut before = TopicPartitionList::new();
        before.add_partition_offset(topic, partition, Offset::Offset(offset)).expect("an offset can be named");
        let deleted = self.admin().delete_records(&before, &AdminOptions::new()).await.expect("the broker answers");
        deleted.elements().iter().for_each(|partition| partition.error().expect("records can be deleted"));
    }

    /// What a consumer group has committed.
    pub fn committed(&self, group: &str, topic: &str, partition: i32) -> Option<i64> {
        let consumer: StreamConsumer = client(self.servers, &[("group.id", group), ("enable.auto.commit", "false")]);
        let mut asked = TopicPartitionList::new();
        asked.add_partition(topic, partition);
        let committed = consumer.committed_offsets(asked, PATIENCE).expect("the broker answers");
        committed.elements().first().and_then(|partition| partition.offset().to_raw()).filter(|offset| *offset >= 0)
    }

    fn admin(&self) -> AdminClient<DefaultClientContext> {
        client(self.servers, &[])
    }
}

impl Message {
    pub fn new(key: &str, payload: impl Into<Vec<u8>>) -> Self {
        Self { key: key.into(), payload: payload.into(), ..Self::default() }
    }

    #[must_use]
    pub fn on(self, partition: i32) -> Self {
        Self { partition: Some(partition), ..self }
    }

    #[must_use]
    pub fn header(mut self, key: &str, value: &str) -> Self {
        self.headers.push((key.into(), value.into()));
        self
    }
}

impl Received {
    fn of(message: &rdkafka::message::BorrowedMessage<'_>) -> Self {
        let text = |bytes: Option<&[u8]>| String::from_utf8_lossy(bytes.unwrap_or_default()).into_owned();
        let headers =
            message.headers().into_iter().flat_map(|headers| headers.iter().map(|header| (header.key.to_owned(), text(header.value))));
        Self {
            partition: message.partition(),
            offset: message.offset(),
            key: text(message.key()),
            payload: message.payload().unwrap_or_default().to_vec(),
            headers: headers.collect(),
        }
    }
}

fn client<T: FromClientConfig>(servers: &str, settings: &[(&str, &str)]) -> T {
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", servers);
    for (key, value) in settings {
        config.set(*key, *value);
    }
    config.create().expect("librdkafka takes these settings")
}

impl Running {
    fn start() -> Self {
        (0..TRIES).find_map(|_| Self::try_start()).expect("Kafka starts: its messages stand above; java and mvn are needed")
    }

    fn try_start() -> Option<Self> {
        let [port, controller] = free_ports().map(|port| port.to_string());
        let mut command = Command::new("sh");
        command.args([&format!("{FOLDER}/broker.sh"), FOLDER, &port, &controller]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut keeper = command.spawn().expect("a shell can be started");
        let mut ready = String::new();
        let stdout = keeper.stdout.take().expect("the keeper's output is a pipe");
        BufReader::new(stdout).read_line(&mut ready).expect("the keeper's output can be read");
        (!ready.is_empty()).then(|| Self { servers: format!("127.0.0.1:{port}"), _keeper: keeper })
    }
}

/// Both are held until both are known.
fn free_ports() -> [u16; 2] {
    let listeners = [(); 2].map(|()| TcpListener::bind("127.0.0.1:0").expect("a port is free"));
    listeners.map(|listener| listener.local_addr().expect("a listener has an address").port())
}
