//! How fast is it, and against what? Each bench runs generated records through the real code and, in the same round, something that cannot be
//! done faster: an insert without index, a decode from memory, a query by the database alone.
//!
//! An absolute time says little on a machine that others use too. So what is compared takes turns, batch by batch or walk by walk; a figure is a
//! ratio of CPU times or of waits that were measured side by side; rounds repeat, and the report shows their median, their spread, and how
//! many cores others kept busy meanwhile. The raw figures of every round stand in the JSON.
//!
//! Absent: absolute goals for throughput, and PostgreSQL and Kafka, which have to be there before they can be measured.

mod cost;
mod edges;
mod figures;
mod follow;
mod ingest_sqlite;
mod machine;
mod material;
mod outbreak;
mod place;
mod recall;
mod report;
mod story;
mod trace;
mod wide;

pub use report::Report;

/// Records in one transaction.
const BATCH: usize = 10_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Name {
    /// Dedupe, journal, index, offset and commit, against an insert of the same records into a table without index.
    IngestSqlite,
    /// One follower that reads, checks, decodes and adds up, against decoding the same records from memory.
    Follow,
    /// Small chains from hops, against a recursive query over a table of edges.
    Trace,
    /// What a recall has to reach, added up from hops, against fetching the same rows by primary key.
    Recall,
    /// What explains twenty cases, against one walk upstream of one of them.
    Outbreak,
}

/// How much of it.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    pub records: u64,
    pub rounds: usize,
}

impl Name {
    /// As many records as show what is to be shown, and take a few minutes.
    pub const fn usual_records(self) -> u64 {
        match self {
            Self::IngestSqlite | Self::Follow | Self::Recall | Self::Outbreak => 100_000,
            Self::Trace => 1_000_000,
        }
    }
}

pub async fn run(name: Name, plan: Plan) -> anyhow::Result<Report> {
    match name {
        Name::IngestSqlite => ingest_sqlite::run(plan).await,
        Name::Follow => follow::run(plan).await,
        Name::Trace => trace::run(plan).await,
        Name::Recall => recall::run(plan).await,
        Name::Outbreak => outbreak::run(plan).await,
    }
}
