//! What `/metrics` says of the links: how far behind a child is in time, what came from it and what it does
//! not have yet, how often its connections came, and quarantines.

use opentelemetry::KeyValue;
use opentelemetry::metrics::Counter;
use tracemesh_chassis::Runtime;

use crate::app::downlinks::Downlinks;
use crate::domain::link::Purpose;
use crate::driver::children::Children;

/// Cheap to clone; all clones count together.
#[derive(Clone)]
pub struct Metrics {
    entries: Counter<u64>,
    received: Counter<u64>,
    connections: Counter<u64>,
    quarantines: Counter<u64>,
}

impl Metrics {
    pub fn new(runtime: &Runtime, children: &Children, downlinks: &Downlinks) -> Self {
        let (meter, children, clock) = (runtime.meter(), children.clone(), runtime.clock().clone());
        meter
            .f64_observable_gauge("federation_lag_seconds")
            .with_description("Since everything that a child has to say was read; 0 while nothing lies behind.")
            .with_callback(move |seen| {
                for (child, lag_micros) in children.lags(clock.now_micros()) {
                    seen.observe(lag_micros as f64 / 1e6, &[KeyValue::new("child", child)]);
                }
            })
            .build();
        let downlinks = downlinks.clone();
        meter
            .u64_observable_gauge("federation_downlink_behind")
            .with_description("Entries for a child that it does not have yet.")
            .with_callback(move |seen| {
                for mark in downlinks.marks() {
                    let labels = [KeyValue::new("child", mark.child.clone()), KeyValue::new("purpose", mark.purpose.as_str())];
                    seen.observe(mark.behind(), &labels);
                }
            })
            .build();
        let counter = |name, what| meter.u64_counter(name).with_description(what).build();
        Self {
            entries: counter("federation_entries", "Entries that were followed from uplinks."),
            received: counter("federation_received", "Entries that came over a link for the services of this node."),
            connections: counter("federation_connections", "Connections that came to stand, at both ends: the first, and every reconnect."),
            quarantines: counter("federation_quarantines", "Histories that did not continue what was held."),
        }
    }

    pub fn followed(&self, child: &str, purpose: Purpose, entries: u64) {
        self.entries.add(entries, &[KeyValue::new("child", child.to_owned()), KeyValue::new("purpose", purpose.as_str())]);
    }

    pub fn received(&self, neighbour: &str, purpose: Purpose, entries: u64) {
        self.received.add(entries, &[KeyValue::new("neighbour", neighbour.to_owned()), KeyValue::new("purpose", purpose.as_str())]);
    }

    pub fn connected(&self, neighbour: &str, purpose: Purpose) {
        self.connections.add(1, &[KeyValue::new("neighbour", neighbour.to_owned()), KeyValue::new("purpose", purpose.as_str())]);
    }

    pub fn quarantined(&self, child: &str) {
        self.quarantines.add(1, &[KeyValue::new("child", child.to_owned())]);
    }
}
