//! The machine that was measured on.

use std::fs;

use serde::Serialize;

#[derive(Clone, Debug, Serialize)]
pub struct Machine {
    pub cpu: String,
    pub cores: usize,
}

impl Machine {
    pub fn this() -> Self {
        let cpuinfo = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let cpu = value(&cpuinfo, "model name").unwrap_or("unknown").to_owned();
        Self { cpu, cores: std::thread::available_parallelism().map_or(1, usize::from) }
    }
}

/// The most memory that this process ever had, in megabytes.
pub fn peak_rss_mb() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let kilobytes = value(&status, "VmHWM").and_then(|text| text.strip_suffix(" kB")?.parse::<f64>().ok());
    kilobytes.unwrap_or_default() / 1024.0
}

/// What stands behind a name and a colon in one of /proc's lists.
fn value<'a>(list: &'a str, name: &str) -> Option<&'a str> {
    list.lines().find_map(|line| line.strip_prefix(name)?.trim_start().strip_prefix(':')).map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_has_memory_and_a_machine_has_cores() {
        assert!(peak_rss_mb() > 1.0);
        assert!(Machine::this().cores > 0);
    }
}
