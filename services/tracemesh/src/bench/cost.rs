//! What a piece of work costs, from /proc: CPU time of this process, SQLite's threads included, and what everybody else took meanwhile.
//!
//! The kernel counts in hundredths of a second. Pieces should be longer than a few of them, or many.

use std::fs;
use std::ops::AddAssign;
use std::time::Instant;

use anyhow::Context;

/// The unit of /proc/stat and /proc/self/stat, the same on every Linux.
const TICK_US: f64 = 10_000.0;

/// Places in /proc/self/stat behind the process's name, which may hold anything: time in user mode and in the kernel.
const OWN_TIMES: [usize; 2] = [11, 12];
/// Places in the first line of /proc/stat behind its name: everything but idle and waiting for a disk.
const BUSY_TIMES: [usize; 6] = [0, 1, 2, 5, 6, 7];

#[derive(Clone, Copy, Debug, Default)]
pub struct Cost {
    pub cpu_us: f64,
    pub wall_us: f64,
    pub others_us: f64,
}

/// A piece of work that has begun.
pub struct Meter {
    began: Instant,
    own_us: f64,
    busy_us: f64,
}

impl Meter {
    pub fn start() -> anyhow::Result<Self> {
        Ok(Self { began: Instant::now(), own_us: own_us()?, busy_us: busy_us()? })
    }

    pub fn stop(self) -> anyhow::Result<Cost> {
        let cpu_us = own_us()? - self.own_us;
        let wall_us = self.began.elapsed().as_secs_f64() * 1e6;
        let others_us = (busy_us()? - self.busy_us - cpu_us).max(0.0);
        Ok(Cost { cpu_us, wall_us, others_us })
    }
}

impl Cost {
    /// How many cores others kept busy.
    pub fn foreign_load(&self) -> f64 {
        if self.wall_us > 0.0 { self.others_us / self.wall_us } else { 0.0 }
    }
}

impl AddAssign for Cost {
    fn add_assign(&mut self, more: Self) {
        self.cpu_us += more.cpu_us;
        self.wall_us += more.wall_us;
        self.others_us += more.others_us;
    }
}

fn own_us() -> anyhow::Result<f64> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    let (_, times) = stat.rsplit_once(')').context("/proc/self/stat names no process")?;
    sum(times, &OWN_TIMES)
}

fn busy_us() -> anyhow::Result<f64> {
    let stat = fs::read_to_string("/proc/stat")?;
    let times = stat.lines().next().and_then(|line| line.strip_prefix("cpu ")).context("/proc/stat begins with no cpu line")?;
    sum(times, &BUSY_TIMES)
}

fn sum(times: &str, places: &[usize]) -> anyhow::Result<f64> {
    let times: Vec<&str> = times.split_whitespace().collect();
    let ticks: Option<Vec<f64>> = places.iter().map(|place| times.get(*place)?.parse().ok()).collect();
    Ok(ticks.context("/proc tells a time that is no number")?.iter().sum::<f64>() * TICK_US)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_costs_and_rest_does_not() {
        let meter = Meter::start().unwrap();
        let began = Instant::now();
        let mut turns = 0u64;
        while began.elapsed().as_millis() < 200 {
            turns = std::hint::black_box(turns + 1);
        }
        let worked = meter.stop().unwrap();
        assert!(worked.cpu_us > 20_000.0 && worked.cpu_us <= worked.wall_us * 64.0, "{worked:?}");
    }

    #[test]
    fn times_are_found_behind_a_name_with_brackets() {
        let stat = "1 (a) b) S 2 3 4 5 6 7 8 9 10 11 250 50 14";
        let (_, times) = stat.rsplit_once(')').unwrap();
        assert_eq!(sum(times, &OWN_TIMES).unwrap(), 3_000_000.0);
    }
}
