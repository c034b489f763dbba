//! The nodes as processes: written configurations, started and stopped.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, anyhow, bail};
use futures::future::try_join_all;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::{Instant, sleep, timeout};
use tracemesh_chassis::config::KafkaConfig;
use tracemesh_chassis::process::Endpoints;
use tracemesh_peers::Clients;
use tracemesh_peers::local::Target;
use tracemesh_proto::analytics::v1::GetAggregatesRequest;
use tracemesh_proto::federation::v1::GetLinkStatusRequest;
use tracemesh_proto::ingestion::v1::GetIntakeRequest;

use super::founding::{enrol, register};
use super::{NodeSummary, Options};
use crate::generate::{Node, World};

/// A node that does not say where it listens by then is not coming.
const START: Duration = Duration::from_secs(60);
/// A node that has not stopped by then is ended.
const STOP: Duration = Duration::from_secs(30);
const POLL: Duration = Duration::from_millis(100);

/// One node of the country.
pub struct Member {
    pub id: String,
    pub tier: String,
    pub area: String,
    pub parent: Option<String>,
    pub data: PathBuf,
    pub endpoints: Endpoints,
    child: Option<Child>,
    peak_rss_bytes: u64,
}

/// All of them, parents first.
pub struct Country {
    program: PathBuf,
    brokers: Vec<String>,
    /// Before the names of this country's topics: the brokers may have seen another country.
    run: String,
    members: Vec<Member>,
    /// City → provider → token.
    tokens: BTreeMap<String, BTreeMap<String, String>>,
    sign_in: String,
}

impl Country {
    pub async fn start(options: &Options, world: &World) -> anyhow::Result<Self> {
        let mut country = Self {
            program: options.program.clone(),
            brokers: options.kafka.clone(),
            run: format!("demo-{:08x}.", rand::random::<u32>()),
            members: Vec::new(),
            tokens: BTreeMap::new(),
            sign_in: String::new(),
        };
        let http_port = |node: &Node| if node.parent.is_none() { options.port } else { 0 };
        country.members = try_join_all(world.nodes().iter().map(|node| country.begin(&options.data, node, http_port(node)))).await?;
        country.sign_in = country.members[0].endpoints.sign_in.clone().unwrap_or_default();
        country.enrol_all().await?;
        country.register_all(world).await?;
        Ok(country)
    }

    pub fn members(&self) -> &[Member] {
        &self.members
    }

    pub fn sign_in(&self) -> &str {
        &self.sign_in
    }

    /// Of a city's providers, by their ids.
    pub fn tokens(&self, city: &str) -> BTreeMap<String, String> {
        self.tokens.get(city).cloned().unwrap_or_default()
    }

    /// How a node and its providers meet on the brokers, if there are any.
    pub fn kafka(&self, node: &str) -> Option<KafkaConfig> {
        let topic_prefix = format!("{}{node}.", self.run);
        (!self.brokers.is_empty()).then(|| KafkaConfig { brokers: self.brokers.clone(), topic_prefix })
    }

    pub fn member(&self, id: &str) -> anyhow::Result<&Member> {
        self.members.iter().find(|member| member.id == id).ok_or_else(|| anyhow!("no node {id}"))
    }

    async fn begin(&self, data: &Path, node: &Node, http_port: u16) -> anyhow::Result<Member> {
        let data = data.join(node.id);
        std::fs::create_dir_all(&data)?;
        std::fs::write(data.join("node.toml"), configuration(node, http_port, self.kafka(node.id)))?;
        let (child, endpoints) = spawn(&self.program, &data).await.with_context(|| format!("{} does not start", node.id))?;
        // From now on it keeps its addresses, because its children and providers know them.
        std::fs::write(data.join("addresses"), addresses(&endpoints))?;
        Ok(Member {
            id: node.id.into(),
            tier: node.tier.into(),
            area: node.area.into(),
            parent: node.parent.map(str::to_owned),
            data,
            endpoints,
            child: Some(child),
            peak_rss_bytes: 0,
        })
    }

    async fn enrol_all(&self) -> anyhow::Result<()> {
        let children = self.members.iter().filter_map(|member| Some((member, member.parent.as_deref()?)));
        let enrolled = children.map(|(member, parent)| async move { enrol(member, self.member(parent)?).await });
        try_join_all(enrolled).await.map(drop)
    }

    async fn register_all(&mut self, world: &World) -> anyhow::Result<()> {
        let cities = self.members.iter().filter(|member| member.tier == "CITY");
        let tokens = try_join_all(cities.map(async |city| Ok::<_, anyhow::Error>((city.id.clone(), register(city, world).await?)))).await?;
        self.tokens = tokens.into_iter().collect();
        Ok(())
    }

    pub async fn stop(&mut self, id: &str) -> anyhow::Result<()> {
        let member = self.members.iter_mut().find(|member| member.id == id).ok_or_else(|| anyhow!("no node {id}"))?;
        member.stop().await
    }

    pub async fn start_again(&mut self, id: &str) -> anyhow::Result<()> {
        let member = self.members.iter_mut().find(|member| member.id == id).ok_or_else(|| anyhow!("no node {id}"))?;
        member.start_again(&self.program).await
    }

    pub async fn stop_all(&mut self) -> anyhow::Result<()> {
        try_join_all(self.members.iter_mut().map(Member::stop)).await.map(drop)
    }

    pub async fn start_all(&mut self) -> anyhow::Result<()> {
        try_join_all(self.members.iter_mut().map(|member| member.start_again(&self.program))).await?;
        self.linked().await
    }

    /// Waits until every link stands again.
    async fn linked(&self) -> anyhow::Result<()> {
        let until = Instant::now() + START;
        for member in self.members.iter().filter(|member| member.parent.is_some()) {
            loop {
                let status = member.connect().await?.federation().get_link_status(GetLinkStatusRequest {}).await?.into_inner();
                if status.parent.is_some_and(|parent| parent.state == "connected") || Instant::now() > until {
                    break;
                }
                sleep(POLL).await;
            }
        }
        Ok(())
    }

    /// Whether the figures of `at` name `absent` as missing within a while.
    pub async fn misses(&self, at: &str, absent: &str, within: Duration) -> anyhow::Result<bool> {
        let clients = self.member(at)?.connect().await?;
        let until = Instant::now() + within;
        while Instant::now() < until {
            let figures = clients.analytics().get_aggregates(GetAggregatesRequest::default()).await?.into_inner();
            if figures.missing.iter().any(|node| node == absent) {
                return Ok(true);
            }
            sleep(POLL).await;
        }
        Ok(false)
    }

    /// Waits until the nation has counted what the cities hold and misses nobody, or the time is over: the checks then say what is missing.
    pub async fn settle(&self, cities: &BTreeMap<String, u64>, within: Duration) -> anyhow::Result<()> {
        let until = Instant::now() + within;
        while Instant::now() < until {
            let mut records = Vec::new();
            for city in cities.keys() {
                let clients = self.member(city)?.connect().await?;
                let intake = clients.ingestion().get_intake(GetIntakeRequest {}).await?.into_inner();
                let own = total(&clients).await?;
                records.push((own.0, own.1 >= intake.seq));
            }
            let nation = total(&self.members[0].connect().await?).await?;
            let counted: i64 = records.iter().map(|(records, _)| records).sum();
            if records.iter().all(|(_, caught_up)| *caught_up) && nation.0 == counted && nation.2 == 0 {
                return Ok(());
            }
            sleep(POLL).await;
        }
        Ok(())
    }

    pub async fn summaries(&self) -> anyhow::Result<Vec<NodeSummary>> {
        let mut nodes = Vec::new();
        for member in &self.members {
            let intake = member.connect().await?.ingestion().get_intake(GetIntakeRequest {}).await?.into_inner();
            nodes.push(NodeSummary {
                node: member.id.clone(),
                tier: member.tier.clone(),
                area: member.area.clone(),
                parent: member.parent.clone().unwrap_or_default(),
                submissions: intake.submissions,
                accepted: intake.accepted,
                duplicate: intake.duplicate,
                rejected: intake.rejected,
                peak_rss_bytes: member.peak_rss_bytes.max(member.rss()),
            });
        }
        Ok(nodes)
    }
}

/// Records in force, the entry that they are true of, and how many nodes are missing from them.
async fn total(clients: &Clients) -> anyhow::Result<(i64, u64, usize)> {
    let figures = clients.analytics().get_aggregates(GetAggregatesRequest::default()).await?.into_inner();
    Ok((figures.total.map_or(0, |total| total.records), figures.as_of.map_or(0, |as_of| as_of.seq), figures.missing.len()))
}

impl Member {
    /// As its operator.
    pub async fn connect(&self) -> anyhow::Result<Clients> {
        Ok(Target::local(&self.data).connect().await?)
    }

    /// On the files and at the addresses that it had.
    async fn start_again(&mut self, program: &Path) -> anyhow::Result<()> {
        let (child, endpoints) = spawn(program, &self.data).await.with_context(|| format!("{} does not start again", self.id))?;
        (self.child, self.endpoints) = (Some(child), endpoints);
        Ok(())
    }

    /// SIGTERM, and patience; a node that hangs is ended.
    async fn stop(&mut self) -> anyhow::Result<()> {
        self.peak_rss_bytes = self.peak_rss_bytes.max(self.rss());
        let Some(mut child) = self.child.take() else { return Ok(()) };
        if let Some(pid) = child.id() {
            Command::new("kill").args(["-TERM", &pid.to_string()]).status().await?;
        }
        if timeout(STOP, child.wait()).await.is_err() {
            child.kill().await?;
            bail!("{} did not stop within {} s", self.id, STOP.as_secs());
        }
        Ok(())
    }

    /// The most memory that its process has held so far.
    fn rss(&self) -> u64 {
        let pid = self.child.as_ref().and_then(Child::id);
        let status = pid.and_then(|pid| std::fs::read_to_string(format!("/proc/{pid}/status")).ok()).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok()).map_or(0, |kib| kib * 1024)
    }
}

/// Starts a node and waits until it says where it listens.
async fn spawn(program: &Path, data: &Path) -> anyhow::Result<(Child, Endpoints)> {
    let log = std::fs::File::options().create(true).append(true).open(data.join("node.log"))?;
    let listen = data.join("addresses");
    let mut command = Command::new(program);
    command.arg("--data").arg(data).arg("--json").arg("up").arg("--config").arg(data.join("node.toml"));
    for (flag, address) in read_addresses(&listen) {
        command.arg(flag).arg(address);
    }
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log).kill_on_drop(true).spawn()?;
    let stdout = child.stdout.take().context("no standard output")?;
    let line = timeout(START, BufReader::new(stdout).lines().next_line()).await.context("it said nothing")??;
    let line = line.with_context(|| format!("it ended; see {}", data.join("node.log").display()))?;
    Ok((child, serde_json::from_str(&line)?))
}

fn configuration(node: &Node, http_port: u16, kafka: Option<KafkaConfig>) -> String {
    let kafka =
        kafka.map(|KafkaConfig { brokers, topic_prefix }| format!("\n[kafka]\nbrokers = {brokers:?}\ntopic_prefix = {topic_prefix:?}\n"));
    format!(
        "[node]\nid = {:?}\ntier = {:?}\narea = {:?}\nname_zh = {:?}\nname_en = {:?}\n\n\
         [listen]\nhttp = \"127.0.0.1:{http_port}\"\ngrpc = \"127.0.0.1:0\"\nops = \"127.0.0.1:0\"\n\n\
         [analytics]\nannounce_interval_ms = 300\n{}",
        node.id,
        node.tier,
        node.area,
        node.name_zh,
        node.name_en,
        kafka.unwrap_or_default()
    )
}

/// A flag and an address a line.
fn addresses(endpoints: &Endpoints) -> String {
    let line = |flag: &str, url: &str| format!("{flag} {}\n", url.rsplit('/').next().unwrap_or_default());
    [line("--http", &endpoints.http), line("--grpc", &endpoints.grpc), line("--ops", &endpoints.ops)].concat()
}

fn read_addresses(file: &Path) -> Vec<(String, String)> {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    text.lines().filter_map(|line| line.split_once(' ')).map(|(flag, address)| (flag.to_owned(), address.to_owned())).collect()
}
