//! Laboratories: authorised for a time, by a code that is right.

use std::slice::from_ref;

use prost::Message;
use tonic::Status;
use tracemesh_proto::registry::v1::*;
use tracemesh_testkit::{Place, on_both};

use crate::node::{Node, faults};

on_both!(a_laboratory_is_authorised_until_a_day, a_wrong_laboratory_is_told_everything_that_is_wrong);

async fn a_laboratory_is_authorised_until_a_day(place: Place) {
    let node = Node::start(&place).await;
    let spelled = Laboratory { code: " 12110000400000018t ".into(), ..laboratory() };
    assert_eq!(authorise(&node, spelled).await.unwrap(), laboratory(), "one code, however it is spelled");
    let ended = Laboratory { valid_to: "2026-12-31".into(), ..laboratory() };
    authorise(&node, ended.clone()).await.unwrap();
    let listed = node.regulator().list_laboratories(ListLaboratoriesRequest {}).await.unwrap().into_inner().laboratories;
    assert_eq!(listed, from_ref(&ended));
    let entry = node.entry().await;
    assert_eq!((entry.envelope.kind.as_str(), entry.envelope.why.as_str()), ("laboratory.authorised", "tender 7"));
    assert_eq!(LaboratoryChanged::decode(entry.body.unwrap()).unwrap().laboratory, Some(ended));
    node.stop().await;
}

async fn a_wrong_laboratory_is_told_everything_that_is_wrong(place: Place) {
    let node = Node::start(&place).await;
    let wrong = Laboratory {
        code: "12110000400000018U".into(),
        name: " ".into(),
        areas: vec!["370699".into()],
        categories: Vec::new(),
        valid_from: "2026-2-1".into(),
        valid_to: "2026-02-30".into(),
    };
    assert_eq!(
        faults(&authorise(&node, wrong).await.unwrap_err()),
        [
            "laboratory.code CODE_USCC_CHECK",
            "laboratory.name REQUEST_VALUE_MISSING",
            "laboratory.categories REQUEST_VALUE_MISSING",
            "laboratory.areas AREA_UNKNOWN",
            "laboratory.valid_from REQUEST_DATE_INVALID",
            "laboratory.valid_to REQUEST_DATE_INVALID"
        ]
    );
    let reversed = Laboratory { valid_to: "2025-12-31".into(), ..laboratory() };
    assert_eq!(faults(&authorise(&node, reversed).await.unwrap_err()), ["laboratory.valid_to REQUEST_VALUE_INVALID"]);
    node.stop().await;
}

/// One that is right.
pub fn laboratory() -> Laboratory {
    Laboratory {
        code: "12110000400000018T".into(),
        name: "检验检测中心".into(),
        areas: vec!["370600".into()],
        categories: vec!["FOOD".into()],
        valid_from: "2026-01-01".into(),
        valid_to: String::new(),
    }
}

async fn authorise(node: &Node, laboratory: Laboratory) -> Result<Laboratory, Status> {
    let request = AuthoriseLaboratoryRequest { laboratory: Some(laboratory), why: "tender 7".into() };
    Ok(node.operator().authorise_laboratory(request).await?.into_inner().laboratory.unwrap())
}
