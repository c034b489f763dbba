use std::sync::Arc;

use bytes::Bytes;
use prost::Message;
use tracemesh_journal::{Entry, Journal};
use tracemesh_proto::journal::v1::Envelope;
use tracemesh_store::sql;

use crate::site::{Site, eventually};

/// An envelope with a field that no version of ours has.
fn envelope() -> Bytes {
    let known = Envelope { kind: "weather.observed".into(), ..Envelope::default() };
    let unknown: &[u8] = b"\xfa\x3e\x05hello";
    [known.encode_to_vec(), unknown.to_vec()].concat().into()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_of_an_unknown_kind_goes_up_byte_for_byte() {
    let (nation, province, city) =
        (Site::start("nation", "CN").await, Site::start("fujian", "350000").await, Site::start("xiamen", "350200").await);
    province.join_below(&nation).await;
    city.join_below(&province).await;

    for uplink in ["xiamen.federation.uplink-urgent", "xiamen.federation.uplink-bulk"] {
        let db = city.tables().await;
        let key = city.runtime().keys().journal(uplink).unwrap();
        let journal = Journal::open(&db, uplink, key, Arc::new(|| 1)).await.unwrap();
        let tx = db.begin().await.unwrap();
        journal.append(&tx, &[Entry::relayed(envelope(), Bytes::from_static(b"rain"))]).await.unwrap();
        tx.commit().await.unwrap();
        db.close().await;
    }
    let tables = nation.tables().await;
    let text = "SELECT journal, envelope, body FROM unknown_entry WHERE child = 'fujian' ORDER BY journal";
    let arrived = async || sql::rows::<(String, Vec<u8>, Vec<u8>)>(tables.read(), text, vec![]).await.unwrap();
    eventually("both have arrived", async || arrived().await.len() == 2).await;
    let arrived = arrived().await;
    tables.close().await;
    for ((journal, bytes, body), uplink) in arrived.iter().zip(["fujian.federation.uplink-bulk", "fujian.federation.uplink-urgent"]) {
        assert_eq!((journal.as_str(), body.as_slice()), (uplink, &b"rain"[..]));
        assert_eq!(bytes, &envelope());
    }
}
