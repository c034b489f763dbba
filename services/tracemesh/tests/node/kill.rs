//! G1 and G2: a node that is killed with `kill -9` while records stream in through both doors. What was answered is there, once; what was not
//! is sent again; and every receipt that anybody was given is true.
//!
//! The gate kills twice; `TRACEMESH_KILLS=50` is an evening's run. Every run prints its seed, and `TRACEMESH_KILL_SEED` runs it again.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use tracemesh_peers::Clients;
use tracemesh_proto::ingestion::v1::receipt::Verdict;
use tracemesh_proto::ingestion::v1::{GetIntakeRequest, GetIntakeResponse, GetReceiptRequest, ListReceiptsRequest, Receipt};
use tracemesh_proto::registry::v1::{AddProviderRequest, Provider};

use crate::ledger::{Kind, Ledger};
use crate::process::{Node, eventually};
use crate::senders::Sender;
use crate::session::play;

/// A kill comes so long at most after the node has taken something: the time of a few commits.
const KILL_WITHIN_MS: u64 = 250;
/// Of so many receipts one is asked for again.
const ASKED_AGAIN: usize = 20;

#[allow(clippy::disallowed_methods, reason = "an evening's run is longer than the gate's")]
pub fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{name}={text} is no number")))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_answered_is_there_once_whatever_is_killed() {
    let kills = setting("TRACEMESH_KILLS").unwrap_or(2);
    let seed = setting("TRACEMESH_KILL_SEED").unwrap_or_else(|| rand::rng().random());
    println!("{kills} kills, TRACEMESH_KILL_SEED={seed}");
    let mut dice = StdRng::seed_from_u64(seed);
    let mut node = Node::start();
    let over = Arc::new(AtomicBool::new(false));
    let streaming = sender(&node, "streaming").await.stream(over.clone());
    let posting = sender(&node, "posting").await.post(over.clone());
    let killing = async move {
        for _ in 0..kills {
            grown(&node, 200).await;
            tokio::time::sleep(Duration::from_millis(dice.random_range(0..KILL_WITHIN_MS))).await;
            node = Node::start_in(node.kill());
        }
        grown(&node, 200).await;
        over.store(true, Ordering::Relaxed);
        node
    };
    let (streamed, posted, node) = tokio::join!(streaming, posting, killing);
    let clients = node.operator().await;
    let mut seen = 0;
    for ledger in [&streamed, &posted] {
        seen += hold(&clients, ledger).await;
    }
    let GetIntakeResponse { submissions, accepted, duplicate, rejected, seq, .. } = intake(&clients).await;
    assert_eq!((submissions, submissions), (accepted + duplicate + rejected, seq), "one state each, and each an entry");
    assert!(submissions >= seen, "{submissions} at the node, {seen} answered");
    play(&node, "$ tracemesh audit verify --service ingestion\nlocal.ingestion[..] entries  [..]");
    node.stop();
}

pub async fn sender(node: &Node, provider: &'static str) -> Sender {
    let document = Provider { id: provider.into(), ..Provider::default() };
    let added = node.operator().await.registry().add_provider(AddProviderRequest { provider: Some(document) }).await.unwrap();
    Sender { provider, token: added.into_inner().token, data: node.data() }
}

pub async fn intake(clients: &Clients) -> GetIntakeResponse {
    clients.ingestion().get_intake(GetIntakeRequest {}).await.unwrap().into_inner()
}

/// Waits until the node has taken some more.
async fn grown(node: &Node, by: u64) {
    let clients = node.operator().await;
    let before = intake(&clients).await.submissions;
    eventually("something is taken", async || (intake(&clients).await.submissions >= before + by).then_some(())).await;
}

/// What the node says of a sender is what the sender knows. Answers how many receipts it was given.
pub async fn hold(clients: &Clients, ledger: &Ledger) -> u64 {
    assert_eq!(ledger.unanswered(), [0; 0], "{}", ledger.provider);
    let expected = ledger.accepted();
    let mut accepted: BTreeMap<(String, u32), Receipt> = BTreeMap::new();
    for receipt in list(clients, &ledger.provider, Verdict::Accepted).await {
        let twice = accepted.insert((receipt.record_id.clone(), receipt.revision), receipt);
        assert_eq!(twice, None, "accepted twice");
    }
    let lost: Vec<_> = expected.keys().filter(|record| !accepted.contains_key(*record)).collect();
    let made_up: Vec<_> = accepted.keys().filter(|record| !expected.contains_key(*record)).collect();
    assert!(lost.is_empty() && made_up.is_empty(), "{}: lost {lost:?}, made up {made_up:?}", ledger.provider);

    let mut count = 0;
    for (submission, receipt) in ledger.receipts() {
        count += 1;
        let known = accepted.get(&(receipt.record_id.clone(), receipt.revision));
        match (submission.kind, receipt.verdict()) {
            (Kind::Record | Kind::Again, Verdict::Accepted) => assert_eq!(known, Some(receipt)),
            (Kind::Record | Kind::Again, Verdict::Duplicate) => assert_eq!(known.map(|it| &it.id), Some(&receipt.first), "{receipt:?}"),
            (Kind::Broken, Verdict::Rejected) => assert!(!receipt.reasons.is_empty()),
            (kind, verdict) => panic!("{kind:?} was answered {verdict:?}: {receipt:?}"),
        }
        if count % ASKED_AGAIN == 0 {
            let asked = clients.ingestion().get_receipt(GetReceiptRequest { id: receipt.id.clone() }).await.unwrap().into_inner();
            assert_eq!(asked.receipt.as_ref(), Some(receipt), "it says today what it said then");
        }
    }
    count as u64
}

/// All receipts of a provider with a verdict.
async fn list(clients: &Clients, provider: &str, verdict: Verdict) -> Vec<Receipt> {
    let (provider, verdict) = (provider.to_owned(), verdict.as_str_name().to_owned());
    let mut request = ListReceiptsRequest { provider, verdict, page_size: 1_000, ..Default::default() };
    let mut all = Vec::new();
    loop {
        let page = clients.ingestion().list_receipts(request.clone()).await.unwrap().into_inner();
        all.extend(page.receipts);
        if page.next_page_token.is_empty() {
            return all;
        }
        request.page_token = page.next_page_token;
    }
}
