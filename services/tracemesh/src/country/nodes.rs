//! The nodes as processes: written configurations, started and stopped, enrolled with their parents.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, anyhow, bail};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::{Instant, sleep, timeout};
use tracemesh_chassis::process::Endpoints;
use tracemesh_peers::local::Target;
use tracemesh_peers::{Caller, Clients};
use tracemesh_proto::analytics::v1::GetAggregatesRequest;
use tracemesh_proto::federation::v1::{CreateInvitationRequest, GetLinkStatusRequest, JoinParentRequest};
use tracemesh_proto::ingestion::v1::GetIntakeRequest;
use tracemesh_proto::registry::v1 as registry;
use tracemesh_proto::registry::v1::registry_service_client::RegistryServiceClient;

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
    members: Vec<Member>,
    /// Provider → token, for each city.
    tokens: BTreeMap<String, String>,
    sign_in: String,
}

impl Country {
    pub async fn start(options: &Options, world: &World) -> anyhow::Result<Self> {
        let mut country = Self { program: options.program.clone(), members: Vec::new(), tokens: BTreeMap::new(), sign_in: String::new() };
        for node in world.nodes() {
            let http_port = if node.parent.is_none() { options.port } else { 0 };
            country.members.push(country.begin(&options.data, &node, http_port).await?);
        }
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

    pub fn tokens(&self) -> &BTreeMap<String, String> {
        &self.tokens
    }

    pub fn member(&self, id: &str) -> anyhow::Result<&Member> {
        self.members.iter().find(|member| member.id == id).ok_or_else(|| anyhow!("no node {id}"))
    }

    async fn begin(&self, data: &Path, node: &Node, http_port: u16) -> anyhow::Result<Member> {
        let data = data.join(node.id);
        std::fs::create_dir_all(&data)?;
        std::fs::write(data.join("node.toml"), configuration(node, http_port))?;
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
        for member in &self.members {
            let Some(parent) = &member.parent else { continue };
            let parent = self.member(parent)?;
            let request = CreateInvitationRequest { node: member.id.clone(), area: member.area.clone() };
            let invitation = parent.connect().await?.federation().create_invitation(request).await?.into_inner();
            let join = JoinParentRequest { url: parent.endpoints.grpc.clone(), code: invitation.code };
            member
                .connect()
                .await?
                .federation()
                .join_parent(join)
                .await
                .with_context(|| format!("{} does not join {}", member.id, parent.id))?;
        }
        Ok(())
    }

    /// Areas, providers and subjects of every city.
    async fn register_all(&mut self, world: &World) -> anyhow::Result<()> {
        for member in self.members.iter().filter(|member| member.tier == "CITY") {
            let mut registry = member.connect().await?.registry();
            for area in world.areas() {
                let area = registry::Area {
                    id: area.id.into(),
                    parent: area.parent.into(),
                    kind: area.kind.into(),
                    name_zh: area.name_zh.into(),
                    name_en: area.name_en.into(),
                    ..registry::Area::default()
                };
                match registry.add_area(registry::AddAreaRequest { area: Some(area) }).await {
                    Err(status) if status.code() != tonic::Code::AlreadyExists => return Err(status.into()),
                    _ => {}
                }
            }
            for provider in world.providers().iter().filter(|provider| provider.node == member.id) {
                let document = registry::Provider {
                    id: provider.id.to_string(),
                    name: provider.name.to_string(),
                    areas: provider.areas.iter().map(ToString::to_string).collect(),
                    categories: provider.categories.iter().map(ToString::to_string).collect(),
                    default_area: provider.default_area.to_string(),
                    default_category: provider.default_category.to_string(),
                    default_responsible: provider.default_responsible.to_string(),
                    ..registry::Provider::default()
                };
                let added = registry.add_provider(registry::AddProviderRequest { provider: Some(document) }).await?.into_inner();
                self.tokens.insert(provider.id.to_string(), added.token);
            }
            register_subjects(&mut registry, world, &member.area).await?;
        }
        Ok(())
    }

    pub async fn stop(&mut self, id: &str) -> anyhow::Result<()> {
        let member = self.members.iter_mut().find(|member| member.id == id).ok_or_else(|| anyhow!("no node {id}"))?;
        member.stop().await
    }

    pub async fn start_again(&mut self, id: &str) -> anyhow::Result<()> {
        let program = self.program.clone();
        let member = self.members.iter_mut().find(|member| member.id == id).ok_or_else(|| anyhow!("no node {id}"))?;
        let (child, endpoints) = spawn(&program, &member.data).await.with_context(|| format!("{id} does not start again"))?;
        (member.child, member.endpoints) = (Some(child), endpoints);
        Ok(())
    }

    pub async fn stop_all(&mut self) -> anyhow::Result<()> {
        for member in self.members.iter_mut().rev() {
            member.stop().await?;
        }
        Ok(())
    }

    pub async fn start_all(&mut self) -> anyhow::Result<()> {
        let ids: Vec<String> = self.members.iter().map(|member| member.id.clone()).collect();
        for id in ids {
            self.start_again(&id).await?;
        }
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

    /// Waits until the nation has counted what the cities hold, or the time is over: the checks then say what is missing.
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
            if records.iter().all(|(_, caught_up)| *caught_up) && nation.0 == counted {
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

/// The subjects of a city: those whose region lies in the prefecture.
async fn register_subjects(registry: &mut RegistryServiceClient<Caller>, world: &World, area: &str) -> anyhow::Result<()> {
    for subject in world.subjects().filter(|subject| subject.region[..4] == area[..4]) {
        let document = registry::Subject {
            kind: subject.kind().into(),
            scheme: "uscc".into(),
            code: subject.uscc.clone(),
            name: subject.name.clone(),
            area: subject.region.into(),
            categories: subject.categories().iter().map(ToString::to_string).collect(),
            ..registry::Subject::default()
        };
        registry.register_subject(registry::RegisterSubjectRequest { subject: Some(document) }).await?;
    }
    Ok(())
}

/// Records in force, and the entry that they are true of.
async fn total(clients: &Clients) -> anyhow::Result<(i64, u64)> {
    let figures = clients.analytics().get_aggregates(GetAggregatesRequest::default()).await?.into_inner();
    Ok((figures.total.map_or(0, |total| total.records), figures.as_of.map_or(0, |as_of| as_of.seq)))
}

impl Member {
    /// As its operator.
    pub async fn connect(&self) -> anyhow::Result<Clients> {
        Ok(Target::local(&self.data).connect().await?)
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

fn configuration(node: &Node, http_port: u16) -> String {
    format!(
        "[node]\nid = {:?}\ntier = {:?}\narea = {:?}\nname_zh = {:?}\nname_en = {:?}\n\n\
         [listen]\nhttp = \"127.0.0.1:{http_port}\"\ngrpc = \"127.0.0.1:0\"\nops = \"127.0.0.1:0\"\n\n\
         [analytics]\nannounce_interval_ms = 300\n",
        node.id, node.tier, node.area, node.name_zh, node.name_en
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
