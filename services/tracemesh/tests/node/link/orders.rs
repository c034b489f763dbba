//! G5 on real nodes: what the nation says reaches the city through a service of the province's own, and the city's answers reach the nation the same
//! way, each once and in order, while nodes are killed with `kill -9` in the middle of it and wires are cut.
//!
//! `TRACEMESH_ORDERS_SEED` plays another schedule.

use std::time::{Duration, Instant};

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use super::ladder::{Heard, Ladder};
use super::region::link_of;
use crate::kill::setting;
use crate::process::{eventually, eventually_within};
use crate::session::play;

const FAULTS: usize = 8;
/// Connections that hang are noticed by their silence, which takes half a minute.
const PATIENCE: Duration = Duration::from_secs(120);
/// Said between two faults, in commits of ten.
const COMMITS: usize = 30;

/// What was said at the top and heard at each tier, in order.
#[derive(Default)]
struct Minutes {
    said: Vec<(bool, String)>,
    by_province: Vec<Heard>,
    by_city: Vec<Heard>,
    answers: Vec<Heard>,
}

impl Minutes {
    /// The nation says something more.
    async fn say(&mut self, ladder: &Ladder, dice: &mut StdRng) {
        let first = self.said.len();
        let words: Vec<(bool, String)> = (first..first + 10).map(|number| (dice.random_bool(0.5), format!("order {number}"))).collect();
        ladder.desks[0].say("children", &words).await;
        self.said.extend(words);
    }

    /// The province's service says on what it has heard, down and up; the city's answers.
    async fn pass_on(&mut self, ladder: &mut Ladder) {
        let heard = ladder.desks[1].hear().await;
        let words = |from: &str| {
            let from_there = heard.iter().filter(|heard| heard.from == from);
            from_there.map(|heard| (heard.is_urgent, heard.word.clone())).collect::<Vec<_>>()
        };
        for (from, to) in [("cn", "children"), ("xiamen", "parent")] {
            let words = words(from);
            if !words.is_empty() {
                ladder.desks[1].say(to, &words).await;
            }
        }
        self.by_province.extend(heard.into_iter().filter(|heard| heard.from == "cn"));
        let heard = ladder.desks[2].hear().await;
        if !heard.is_empty() {
            let done: Vec<(bool, String)> = heard.iter().map(|heard| (true, format!("{} done", heard.word))).collect();
            ladder.desks[2].say("parent", &done).await;
        }
        self.by_city.extend(heard);
        self.answers.extend(ladder.desks[0].hear().await);
    }

    fn hold(&self) {
        for (heard, from) in [(&self.by_province, "cn"), (&self.by_city, "fujian")] {
            assert!(heard.iter().all(|heard| heard.from == from));
            for urgent in [true, false] {
                let of_lane = |(is_urgent, word): &(bool, String)| (*is_urgent == urgent).then(|| word.clone());
                let said: Vec<String> = self.said.iter().filter_map(of_lane).collect();
                let heard: Vec<String> = heard.iter().filter(|heard| heard.is_urgent == urgent).map(|heard| heard.word.clone()).collect();
                assert_eq!(heard, said, "each once and in order, from {from}");
            }
        }
        let answers: Vec<&str> = self.answers.iter().map(|heard| heard.word.as_str()).collect();
        let done: Vec<String> = self.by_city.iter().map(|heard| format!("{} done", heard.word)).collect();
        assert_eq!(answers, done, "what the city has answered");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn orders_reach_the_city_once_and_in_order_whatever_is_killed_and_cut() {
    let seed = setting("TRACEMESH_ORDERS_SEED").unwrap_or(5);
    println!("TRACEMESH_ORDERS_SEED={seed}");
    let mut dice = StdRng::seed_from_u64(seed);
    let (mut ladder, mut minutes) = (Ladder::start().await, Minutes::default());
    for fault in 0..FAULTS {
        for _ in 0..COMMITS {
            minutes.say(&ladder, &mut dice).await;
            minutes.pass_on(&mut ladder).await;
        }
        // Sooner than all of it can have gone through.
        tokio::time::sleep(Duration::from_millis(dice.random_range(0..200))).await;
        match (fault % 2, dice.random_range(0..3)) {
            (0, tier) => ladder.kill(tier).await,
            (_, number) => ladder.turn_wire(1 + number % 2),
        }
    }
    ladder.heal();
    let healed = Instant::now();
    eventually_within(PATIENCE, "everything has arrived", async || {
        minutes.pass_on(&mut ladder).await;
        (minutes.answers.len() >= minutes.said.len()).then_some(())
    })
    .await;
    println!("{} orders, the last answer {:?} after the last fault", minutes.said.len(), healed.elapsed());
    minutes.hold();
    for (above, below) in [(0, "fujian"), (1, "xiamen")] {
        let received = async || {
            let link = link_of(ladder.node(above), below).await;
            (link.downlinks.len() == 2 && link.downlinks.iter().all(|downlink| downlink.head > 0 && downlink.behind == 0)).then_some(())
        };
        eventually("all is known to be received", received).await;
    }
    // Its own journal, the inbox, and two uplinks.
    let verified = "xiamen.federation[..]".to_owned() + &"\nxiamen.federation.[..]".repeat(3);
    play(ladder.node(2), &format!("$ tracemesh audit verify --service federation\n{verified}"));
}
