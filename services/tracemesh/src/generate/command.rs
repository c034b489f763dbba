//! The command `tracemesh generate`: so many records of a country onto a stream.

use std::io::{self, Write};

use jiff::Timestamp;

use super::country::Shape;
use super::formats::{self, Format};
use super::world::World;

/// More would need trace codes that small subjects do not have.
const RECORDS_MAX: u64 = 50_000_000;

/// The eve of a National Day: a fixed present, so that a seed gives the same bytes on every day.
const EVE: &str = "2026-10-01T00:00:00+08:00";

/// Realistic records, deterministic for a seed.
#[derive(Clone, Debug, clap::Args)]
pub struct Options {
    /// How many records.
    #[arg(long, value_parser = clap::value_parser!(u64).range(..=RECORDS_MAX))]
    pub records: u64,
    /// The same seed gives the same bytes; another one gives another country.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    #[arg(long, value_enum, default_value_t = Shape::City)]
    pub shape: Shape,
    #[arg(long, value_enum, default_value_t = Format::Json)]
    pub format: Format,
    /// The moment that records lead up to and never pass, RFC 3339.
    #[arg(long, default_value = EVE)]
    pub until: Timestamp,
}

/// Writes the records; whoever calls it buffers `out`. A reader that has seen enough and goes away is no error.
pub fn run(options: &Options, out: &mut impl Write) -> io::Result<()> {
    let world = World::new(options.seed, options.shape, options.until.as_microsecond());
    let records = world.records().take(options.records as usize);
    match formats::write(options.format, records, options.until.as_second(), out).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}
