//! The command line, as clap reads it. Data goes to stdout, progress and hints to stderr. Exit 0 = done, 1 = the answer is "no", 2 = wrong
//! use, 3 = a service or node did not answer.

mod people;
mod rule;

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub use people::{Account, Authorise, Contact, Laboratory, Session, SetContact};
pub use rule::{DryRun, PublishRules, Rule};

/// Traceability management platform (追溯管理平台): a node, and what its operator does with it.
#[derive(Parser)]
#[command(name = "tracemesh", version, propagate_version = true)]
pub struct Cli {
    #[command(flatten)]
    pub asking: Asking,
    #[command(subcommand)]
    pub command: Command,
}

/// Which node is asked, and who asks.
#[derive(Args, Clone)]
pub struct Asking {
    /// gRPC address of the node, https://host:port; without it the data directory tells.
    #[arg(long, global = true, env = "TRACEMESH_NODE", value_name = "URL")]
    pub node: Option<String>,
    /// Bearer token; without it the data directory's operator.token.
    #[arg(long, global = true, env = "TRACEMESH_TOKEN", value_name = "TOKEN", hide_env_values = true)]
    pub token: Option<String>,
    /// The node's CA certificate (PEM); without it the data directory's.
    #[arg(long, global = true, env = "TRACEMESH_CA", value_name = "FILE")]
    pub ca: Option<PathBuf>,
    /// Where the node keeps its files.
    #[arg(long, global = true, default_value = "./tracemesh-data", value_name = "DIR")]
    pub data: PathBuf,
    /// One JSON document on stdout, or one a line for streams.
    #[arg(long, global = true)]
    pub json: bool,
}

#[derive(Subcommand)]
pub enum Command {
    /// Run one node with all its services.
    Up(Up),
    /// Run some services of a node in this process.
    Serve(Serve),
    /// Bring the tables of a node's services forward, and do no more.
    Migrate(Migrate),
    /// Run a small country: a nation, two provinces, three cities, with load.
    Demo(Demo),
    /// Write realistic records, the same for the same seed.
    Generate(crate::generate::Options),
    /// How fast this machine does what a node does, in proportion to the least that can be done; exit 1 where a goal is missed.
    Bench(Bench),
    /// Submit files, or - for standard input; every submission gets a receipt.
    Send(Send),
    /// What became of submissions, by receipt id.
    Receipt(Receipt),
    /// What became of submissions, newest first.
    Receipts(Receipts),
    /// The chain around a code, with its verdict.
    Trace(Trace),
    /// Recalls.
    #[command(subcommand)]
    Recall(Recall),
    /// What explains some cases of illness: what they all lie downstream of comes first.
    Outbreak(Outbreak),
    /// Figures, with what they are true of and who is missing.
    Aggregates(Aggregates),
    /// Count again from the journal and compare; exit 1 where it differs.
    Recount(Range),
    /// The indicators of running assessment, with numerators and denominators.
    Scorecard(Scorecard),
    /// What does not go together in the data, to whom it was said, and until when.
    #[command(subcommand)]
    Finding(Finding),
    /// What the public says does not match.
    #[command(subcommand)]
    Mismatch(Mismatch),
    /// The journals.
    #[command(subcommand)]
    Audit(Audit),
    /// Print a new one-time link to the console, for its administrator. Whoever is signed in as that is signed out, and older links end. The node is
    /// the one of --data: this is for its own machine alone.
    SignIn {
        /// Kept in the journal.
        #[arg(long, default_value = "", value_name = "TEXT")]
        why: String,
    },
    /// Something that may hurt people, and what is known of it.
    #[command(subcommand)]
    Incident(Incident),
    /// What is done about it: stop sale, recall, withdrawal, release.
    #[command(subcommand)]
    Order(Order),
    /// Links to the parent and to the children.
    #[command(subcommand)]
    Link(Link),
    /// Who may submit.
    #[command(subcommand)]
    Provider(Provider),
    /// Who may sign in.
    #[command(subcommand)]
    Account(Account),
    /// From a one-time link to a token.
    #[command(subcommand)]
    Session(Session),
    /// Whom to call at a subject.
    #[command(subcommand)]
    Contact(Contact),
    /// Whose failed inspections count.
    #[command(subcommand)]
    Laboratory(Laboratory),
    /// Rejected submissions as a work list.
    #[command(subcommand)]
    Deadletter(Deadletter),
    /// What records are held against.
    #[command(subcommand)]
    Rule(Rule),
    /// Print what a shell needs to complete these commands.
    Completion {
        #[arg(value_enum)]
        shell: clap_complete::Shell,
    },
    /// Print the manual page, or write one for every command into a folder.
    Man {
        #[arg(value_name = "DIR")]
        folder: Option<PathBuf>,
    },
}

#[derive(Args, Default)]
pub struct Up {
    /// Configuration (TOML); every key may also come as TRACEMESH__SECTION__KEY.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    #[arg(long, value_name = "ADDR")]
    pub http: Option<SocketAddr>,
    #[arg(long, value_name = "ADDR")]
    pub grpc: Option<SocketAddr>,
    #[arg(long, value_name = "ADDR")]
    pub ops: Option<SocketAddr>,
}

#[derive(Args)]
pub struct Serve {
    /// registry ingestion quality emergency analytics federation portal
    #[arg(required = true, value_name = "SERVICE")]
    pub services: Vec<String>,
    #[command(flatten)]
    pub run: Up,
}

#[derive(Args)]
pub struct Migrate {
    /// registry ingestion quality emergency analytics federation; all without it.
    #[arg(value_name = "SERVICE")]
    pub services: Vec<String>,
    /// Configuration (TOML), as of the process whose tables they are.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

#[derive(Args)]
pub struct Demo {
    /// How long the load runs; then the summary is printed and the country stops. Without it the country stays up.
    #[arg(long, value_name = "N")]
    pub seconds: Option<u64>,
    /// The nation's HTTP port; 0 picks a free one.
    #[arg(long, default_value_t = 0, value_name = "P")]
    pub port: u16,
    /// Keep the nodes' files here.
    #[arg(long, value_name = "DIR")]
    pub keep: Option<PathBuf>,
    /// Providers that know nothing but Kafka: they write to topics on these brokers, `HOST:PORT`, and read their receipts there.
    #[arg(long, value_delimiter = ',', value_name = "BROKERS")]
    pub kafka: Vec<String>,
}

#[derive(Args)]
pub struct Bench {
    #[arg(value_enum, value_name = "NAME")]
    pub name: crate::bench::Name,
    /// How many records; without it as many as show what is to be shown.
    #[arg(long, value_parser = clap::value_parser!(u64).range(1..=20_000_000), value_name = "N")]
    pub records: Option<u64>,
    /// How often, after each other.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u64).range(1..=100), value_name = "N")]
    pub rounds: u64,
}

#[derive(Args)]
pub struct Send {
    /// Files, or - for standard input.
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// For the operator: whose submissions these are.
    #[arg(long, value_name = "P")]
    pub provider: Option<String>,
    #[arg(long, value_enum, default_value = "auto")]
    pub format: SendFormat,
    /// Keep the receipts here, one JSON document a line.
    #[arg(long, value_name = "FILE")]
    pub receipts: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SendFormat {
    /// By content: EPCIS JSON-LD where it says so, else JSON, else length-delimited protobuf.
    Auto,
    Json,
    Protobuf,
    Epcis,
}

#[derive(Args)]
pub struct Receipt {
    /// NODE.ingestion/EPOCH/SEQ
    #[arg(required = true, value_name = "ID")]
    pub ids: Vec<String>,
    /// The bytes as they were received, and nothing else.
    #[arg(long)]
    pub original: bool,
}

#[derive(Args)]
pub struct Receipts {
    #[arg(long, value_name = "P")]
    pub provider: Option<String>,
    /// RFC 3339.
    #[arg(long, value_name = "T")]
    pub since: Option<String>,
    #[arg(long, value_enum, ignore_case = true)]
    pub verdict: Option<VerdictArg>,
    #[arg(long, default_value_t = 100, value_name = "N")]
    pub limit: u32,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum VerdictArg {
    Accepted,
    Duplicate,
    Rejected,
}

#[derive(Args)]
pub struct Trace {
    /// A bare code, an EPC URN, a Digital Link, or SCHEME:ISSUER/VALUE#BATCH.
    #[arg(value_name = "CODE")]
    pub code: String,
    #[arg(long, value_enum, default_value = "both")]
    pub direction: DirectionArg,
    /// Hops from the unit; all without it.
    #[arg(long, value_name = "N")]
    pub depth: Option<u32>,
    /// Ask no other node.
    #[arg(long)]
    pub local: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DirectionArg {
    Up,
    Down,
    Both,
}

#[derive(Subcommand)]
pub enum Recall {
    /// Everything that a recall of some units has to reach: what was made of them, and who has how much of it.
    Scope(RecallScope),
}

#[derive(Args)]
pub struct RecallScope {
    /// As for trace; several are one recall.
    #[arg(required = true, value_name = "CODE")]
    pub codes: Vec<String>,
    /// Ask no other node.
    #[arg(long)]
    pub local: bool,
    /// Write a workbook too: a summary, the units, and who has them.
    #[arg(long, value_name = "FILE")]
    pub xlsx: Option<PathBuf>,
}

#[derive(Args)]
pub struct Outbreak {
    /// What somebody fell ill of: a code as for trace, subject:S@FROM..TO for all that came to a subject, area:A@DAY for all that happened in an
    /// area. They are numbered in this order, after those of --file.
    #[arg(required_unless_present = "file", value_name = "CASE")]
    pub cases: Vec<String>,
    /// Cases as CSV with a line of headings: case, weight, code, subject, area, from, to. Lines with one number are one case. Names of people have
    /// no place in it.
    #[arg(long, value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// Whatever came to this subject may be in what left it later; all = every establishment.
    #[arg(long = "assume-mixing", value_name = "SUBJECT")]
    pub mixing: Vec<String>,
    /// For so many hours after it came; without it for ever.
    #[arg(long, value_name = "N", requires = "mixing")]
    pub mixing_hours: Option<u32>,
    /// This subject heats: what comes from it goes back to nothing that went there.
    #[arg(long = "assume-killing", value_name = "SUBJECT")]
    pub killing: Vec<String>,
    /// Only records of these days, FROM..TO, either may be left out.
    #[arg(long, value_name = "FROM..TO")]
    pub window: Option<String>,
    /// A unit or subject that is ruled out.
    #[arg(long = "exclude", value_name = "CODE")]
    pub without: Vec<String>,
    /// How exactly times are known: moment, day, month, year.
    #[arg(long, default_value = "moment", value_name = "WORD")]
    pub dates: String,
    /// Candidates at most.
    #[arg(long, default_value_t = 200, value_name = "N")]
    pub limit: u32,
    /// Ask no other node.
    #[arg(long)]
    pub local: bool,
    /// Write a workbook too: a summary and the candidates.
    #[arg(long, value_name = "FILE")]
    pub xlsx: Option<PathBuf>,
}

#[derive(Args)]
pub struct Range {
    /// First day of event time, China Standard Time.
    #[arg(long, value_name = "DAY")]
    pub from: Option<String>,
    /// Last day, inclusive.
    #[arg(long, value_name = "DAY")]
    pub to: Option<String>,
}

#[derive(Args)]
pub struct Aggregates {
    #[command(flatten)]
    pub range: Range,
    /// origin day month area category class provider
    #[arg(long, value_delimiter = ',', value_name = "DIM")]
    pub by: Vec<String>,
}

#[derive(Args)]
pub struct Scorecard {
    #[command(flatten)]
    pub range: Range,
    /// origin day provider subject area category
    #[arg(long, value_delimiter = ',', value_name = "DIM")]
    pub by: Vec<String>,
}

#[derive(Subcommand)]
pub enum Finding {
    /// The most urgent first.
    List {
        /// open, overdue, closed, all, or one state: sent explained escalated
        #[arg(long, default_value = "open")]
        state: String,
        /// quantity_balance identical_weights price_far_off code_reuse sale_before_entry species_mismatch shared_certificate packing_violation
        /// missing_field broken_hop
        #[arg(long, value_name = "K")]
        kind: Option<String>,
        #[arg(long, value_name = "P")]
        provider: Option<String>,
        #[arg(long, value_name = "A")]
        area: Option<String>,
        /// As a finding shows it.
        #[arg(long, value_name = "CODE")]
        subject: Option<String>,
    },
    /// With its evidence and its steps.
    Show { id: String },
    /// Say why it is as it is. A correction needs no words: the record's next revision is rechecked by itself.
    Explain {
        id: String,
        #[arg(long, value_name = "TEXT")]
        text: String,
    },
    /// For a regulator.
    Decide {
        id: String,
        /// close, escalate, reopen
        decision: String,
        #[arg(long, value_name = "TEXT")]
        why: String,
    },
}

#[derive(Subcommand)]
pub enum Mismatch {
    /// The oldest first.
    List {
        /// open, answered, all
        #[arg(long, default_value = "open")]
        state: String,
    },
    /// In both languages.
    Answer {
        number: String,
        #[arg(long, value_name = "TEXT")]
        zh: String,
        #[arg(long, value_name = "TEXT")]
        en: String,
    },
}

#[derive(Subcommand)]
pub enum Audit {
    /// Read the journals from the first byte: hashes, order, Merkle root, checkpoints. Exit 1 names the altered entry.
    Verify {
        /// One service's journals alone.
        #[arg(long, value_name = "S")]
        service: Option<String>,
    },
}

#[derive(Subcommand)]
pub enum Incident {
    /// Open an incident about some codes; the grade is proposed.
    Open(OpenIncident),
    /// Those that are open, newest first.
    List {
        /// Those that are closed, too.
        #[arg(long)]
        all: bool,
    },
    /// One incident with its limits.
    Show { id: String },
    /// Confirm the grade, or set another one and say why.
    Grade {
        id: String,
        #[arg(value_parser = ["I", "II", "III", "IV"])]
        grade: String,
        #[arg(long, default_value = "", value_name = "TEXT")]
        why: String,
    },
    /// File a report to the node above.
    Report {
        id: String,
        #[arg(value_parser = ["first", "follow_up", "final"])]
        kind: String,
        text: String,
    },
    /// Close an incident whose orders have ended and whose final report is filed.
    Close {
        id: String,
        #[arg(long, value_name = "TEXT")]
        why: String,
    },
}

#[derive(Args)]
pub struct OpenIncident {
    /// SCHEME:ISSUER/VALUE#BATCH
    #[arg(required = true, value_name = "CODE")]
    pub codes: Vec<String>,
    #[arg(long, value_name = "TEXT")]
    pub title: String,
    #[arg(long, value_name = "C")]
    pub category: String,
    /// Where; the node's own area without it.
    #[arg(long, default_value = "", value_name = "A")]
    pub area: String,
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub hurt: u32,
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub dead: u32,
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub townships: u32,
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub counties: u32,
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub prefectures: u32,
    #[arg(long)]
    pub crosses_province: bool,
    /// Worked like any other, and nobody outside hears of it.
    #[arg(long)]
    pub drill: bool,
}

#[derive(Subcommand)]
pub enum Order {
    /// Draft an order about an incident, or draft a returned one again.
    Draft(DraftOrder),
    /// Pass a draft on to whoever signs, or give it back.
    Review {
        id: String,
        /// Give it back to its drafter, who is told --why.
        #[arg(long, requires = "why")]
        refuse: bool,
        #[arg(long, default_value = "", value_name = "TEXT")]
        why: String,
    },
    /// Sign: its scope is frozen, and it goes out.
    Sign {
        id: String,
        /// The document number; the node's own series without it.
        #[arg(long, default_value = "", value_name = "NUMBER")]
        number: String,
        /// Show it to the public.
        #[arg(long)]
        release: bool,
    },
    /// Take an order back that is not signed.
    Cancel {
        id: String,
        #[arg(long, value_name = "TEXT")]
        why: String,
    },
    /// Those that have not ended, newest first.
    List {
        /// Of one incident.
        #[arg(long, default_value = "", value_name = "ID")]
        incident: String,
        /// Those that have ended, too.
        #[arg(long)]
        all: bool,
    },
    /// One order with its board; exit 1 while somebody has not acknowledged.
    Show { id: String },
    /// Acknowledge for this tier, or for an establishment.
    Acknowledge {
        id: String,
        #[arg(long, default_value = "", value_name = "SUBJECT")]
        establishment: String,
        /// On its behalf: how it was reached.
        #[arg(long, default_value = "", value_name = "phone|visit")]
        how: String,
        /// On its behalf: who answered.
        #[arg(long, default_value = "", value_name = "NAME")]
        who: String,
    },
    /// What an establishment has got back so far, and how much of that is destroyed: totals.
    Recover {
        id: String,
        #[arg(long, value_name = "SUBJECT")]
        establishment: String,
        #[arg(long, value_name = "QUANTITY")]
        recovered: String,
        #[arg(long, default_value = "", value_name = "QUANTITY")]
        destroyed: String,
        #[arg(long, default_value = "kg", value_name = "MEASURE")]
        unit: String,
    },
    /// End an order; while somebody has not acknowledged it takes a reason.
    Close {
        id: String,
        #[arg(long, default_value = "", value_name = "TEXT")]
        why: String,
    },
    /// The board whenever it changes, until the order has ended.
    Watch { id: String },
}

#[derive(Args)]
pub struct DraftOrder {
    #[arg(value_name = "INCIDENT")]
    pub incident: String,
    #[arg(long, value_parser = ["STOP_SALE", "RECALL", "WITHDRAWAL", "RELEASE"])]
    pub kind: String,
    /// Of a recall: 1, 2, 3.
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub class: u32,
    /// In Chinese.
    #[arg(long, value_name = "TEXT")]
    pub title: String,
    #[arg(long, default_value = "", value_name = "TEXT")]
    pub title_en: String,
    /// In Chinese.
    #[arg(long, default_value = "", value_name = "TEXT")]
    pub instructions: String,
    #[arg(long, default_value = "", value_name = "TEXT")]
    pub instructions_en: String,
    /// What records at intake are answered that name a unit under the order.
    #[arg(long, default_value = "", value_name = "refuse|flag")]
    pub at_intake: String,
    /// The order that a release takes back.
    #[arg(long, default_value = "", value_name = "ORDER")]
    pub releases: String,
    /// A returned order that is drafted again.
    #[arg(long, default_value = "", value_name = "ORDER")]
    pub again: String,
}

#[derive(Subcommand)]
pub enum Link {
    /// Invite a child: prints a one-time code.
    Invite {
        /// The child's node id: here --node is no address.
        #[arg(long, value_name = "ID")]
        node: String,
        /// gRPC address of the inviting node, as --node is for other commands; without it the data directory tells.
        #[arg(long, env = "TRACEMESH_NODE", value_name = "URL")]
        at: Option<String>,
        /// The area that it answers for.
        #[arg(long, value_name = "A")]
        area: String,
        /// Of what others know it is shown these categories alone when it asks.
        #[arg(long = "category", value_name = "C")]
        categories: Vec<String>,
    },
    /// Join this node to a parent.
    Join { url: String, code: String },
    /// Docking health: parent, children, lag, quarantines.
    Status,
    /// Approve a neighbour's new history after a quarantine: a child's, or by its id the parent's.
    Resync {
        child: String,
        #[arg(long, value_name = "TEXT")]
        why: String,
    },
    /// Take a child's place away: its certificate opens nothing any more. An invitation brings it back.
    Revoke {
        child: String,
        #[arg(long, value_name = "TEXT")]
        why: String,
    },
}

#[derive(Subcommand)]
pub enum Provider {
    /// Register a provider; prints its token, this once.
    Add {
        id: String,
        #[arg(long, default_value = "")]
        name: String,
        /// Subtrees of areas that it may submit for; all without it.
        #[arg(long, value_delimiter = ',')]
        areas: Vec<String>,
        #[arg(long, value_delimiter = ',')]
        categories: Vec<String>,
        /// What a record means that does not say so itself.
        #[arg(long, default_value = "")]
        default_area: String,
        #[arg(long, default_value = "")]
        default_category: String,
        #[arg(long, default_value = "")]
        default_responsible: String,
    },
    List,
    /// A new token; the old one ends within a second.
    Rotate {
        id: String,
    },
    /// Refuse its submissions.
    Suspend {
        id: String,
        #[arg(long)]
        why: String,
    },
    /// Take its submissions again.
    Resume {
        id: String,
        #[arg(long)]
        why: String,
    },
}

#[derive(Subcommand)]
pub enum Deadletter {
    List {
        #[arg(long)]
        provider: Option<String>,
        /// open, redriven, all
        #[arg(long, default_value = "open")]
        state: String,
    },
    /// The reasons and the bytes.
    Show { id: String },
    /// Submit the same bytes again.
    Redrive {
        #[arg(required = true)]
        ids: Vec<String>,
    },
}
