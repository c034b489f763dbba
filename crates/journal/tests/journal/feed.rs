//! The stream that followers read: what is there, then what comes.

use tonic::{Code, Request, Streaming};
use tracemesh_access::{Neighbour, Principal, Scope};
use tracemesh_journal::JournalServer;
use tracemesh_proto::journal::v1::follow_response::Item;
use tracemesh_proto::journal::v1::journal_service_server::JournalService;
use tracemesh_proto::journal::v1::{
    FollowRequest, FollowResponse, GetCheckpointRequest, GetEntryRequest, ListJournalsRequest, ProveConsistencyRequest,
};
use tracemesh_testkit::{Place, on_both};

use crate::rig;

on_both!(
    a_feed_catches_up_and_goes_on_live,
    a_feed_gives_signs_of_life,
    a_feed_begins_only_where_the_journal_is,
    a_feed_ends_when_the_epoch_or_the_server_does,
    an_entry_is_answered_by_number,
    a_child_hears_of_its_own_downlinks_alone,
);

async fn follow(server: &JournalServer, epoch: u64, after: u64) -> Result<Streaming<FollowResponse>, Code> {
    let request = FollowRequest { journal: rig::NAME.into(), epoch, after };
    rig::client(server).follow(request).await.map(tonic::Response::into_inner).map_err(|status| status.code())
}

async fn next(stream: &mut Streaming<FollowResponse>) -> Result<Item, Code> {
    let message = stream.message().await.map_err(|status| status.code())?;
    Ok(message.expect("a feed ends with an error only").item.unwrap())
}

/// The first seqs of what comes until the feed has caught up.
async fn firsts(stream: &mut Streaming<FollowResponse>) -> (Vec<u64>, u64) {
    let mut firsts = Vec::new();
    loop {
        match next(stream).await.unwrap() {
            Item::Commit(commit) => firsts.push(commit.first_seq),
            Item::CaughtUp(end) => return (firsts, end.seq),
        }
    }
}

async fn a_feed_catches_up_and_goes_on_live(place: Place) {
    let journal = rig::journal(&place).await;
    for i in 0..150 {
        rig::append(&journal, &rig::entries(i * 2, 2)).await;
    }
    let server = rig::serve(&journal);
    let mut stream = follow(&server, 1, 100).await.unwrap();
    assert_eq!(firsts(&mut stream).await, ((50..150).map(|i| i * 2 + 1).collect(), 300));
    rig::append(&journal, &rig::entries(300, 1)).await;
    assert_eq!(firsts(&mut stream).await, (vec![301], 301));
}

async fn a_feed_gives_signs_of_life(place: Place) {
    let journal = rig::journal(&place).await;
    let mut stream = follow(&rig::serve(&journal), 0, 0).await.unwrap();
    for _ in 0..3 {
        assert_eq!(firsts(&mut stream).await, (vec![], 0));
    }
}

async fn a_feed_begins_only_where_the_journal_is(place: Place) {
    let journal = rig::journal(&place).await;
    rig::append(&journal, &rig::entries(1, 1)).await;
    let server = rig::serve(&journal);
    assert_eq!(follow(&server, 0, 2).await.unwrap_err(), Code::OutOfRange);
    assert_eq!(follow(&server, 2, 0).await.unwrap_err(), Code::FailedPrecondition);
    assert_eq!(follow(&JournalServer::new(), 0, 0).await.unwrap_err(), Code::NotFound);
}

async fn a_feed_ends_when_the_epoch_or_the_server_does(place: Place) {
    let journal = rig::journal(&place).await;
    let server = rig::serve(&journal);
    let mut stream = follow(&server, 0, 0).await.unwrap();
    firsts(&mut stream).await;
    journal.raise_epoch(0).await.unwrap();
    assert_eq!(next(&mut stream).await.unwrap_err(), Code::FailedPrecondition);
    let mut stream = follow(&server, 2, 0).await.unwrap();
    firsts(&mut stream).await;
    server.stop();
    assert_eq!(next(&mut stream).await.unwrap_err(), Code::Unavailable);
}

async fn an_entry_is_answered_by_number(place: Place) {
    let journal = rig::journal(&place).await;
    rig::append(&journal, &rig::entries(1, 3)).await;
    let mut client = rig::client(&rig::serve(&journal));
    let mut ask = async |epoch, seq| client.get_entry(GetEntryRequest { journal: rig::NAME.into(), epoch, seq }).await;
    let answer = ask(1, 2).await.unwrap().into_inner();
    assert_eq!((answer.envelope.unwrap().record_id.as_str(), answer.body.as_deref()), ("2", Some(b"body of 2".as_slice())));
    assert_eq!(ask(0, 4).await.unwrap_err().code(), Code::NotFound);
    assert_eq!(ask(2, 2).await.unwrap_err().code(), Code::NotFound);
    let request = GetCheckpointRequest { journal: rig::NAME.into(), epoch: 0 };
    let checkpoint = client.get_checkpoint(request).await.unwrap().into_inner().checkpoint.unwrap();
    assert_eq!((checkpoint.epoch, checkpoint.size, checkpoint.seq), (1, 1, 3));
}

async fn a_child_hears_of_its_own_downlinks_alone(place: Place) {
    let (own, sibling) = ("sd.federation.downlink-urgent-jinan", "sd.federation.downlink-urgent-yantai");
    let db = rig::keeper(&place).await;
    let server = JournalServer::new();
    for name in [own, sibling, rig::NAME] {
        let journal = rig::journal_named(&db, name).await;
        rig::append(&journal, &rig::entries(0, 1)).await;
        server.add(&journal);
    }
    fn asked<T>(message: T) -> Request<T> {
        let mut request = Request::new(message);
        request.extensions_mut().insert(Principal::node("jinan", Neighbour::Child, Scope::Everything, Scope::Everything).unwrap());
        request
    }
    let listed = server.list_journals(asked(ListJournalsRequest::default())).await.unwrap().into_inner().journals;
    assert_eq!(listed.iter().map(|state| state.journal.as_str()).collect::<Vec<_>>(), [own]);
    for (name, code) in [(own, None), (sibling, Some(Code::PermissionDenied)), (rig::NAME, Some(Code::PermissionDenied))] {
        let journal = name.to_owned();
        let checkpoint = server.get_checkpoint(asked(GetCheckpointRequest { journal: journal.clone(), epoch: 0 })).await;
        let followed = server.follow(asked(FollowRequest { journal: journal.clone(), epoch: 0, after: 0 })).await;
        let proof = server.prove_consistency(asked(ProveConsistencyRequest { journal, epoch: 1, old_size: 1, new_size: 1 })).await;
        let codes = [checkpoint.err(), followed.err(), proof.err()].map(|error| error.map(|status| status.code()));
        assert_eq!(codes, [code; 3], "{name}");
    }
}
