//! `session`: from a one-time link to the token that commands and programs show.

use tracemesh_proto::json;
use tracemesh_proto::registry::v1::RedeemSignInRequest;

use super::connect;
use crate::cli::{Asking, Session};
use crate::output::{self, DONE};

pub async fn run(asking: &Asking, Session::Open { link }: Session) -> anyhow::Result<u8> {
    let secret = link.rsplit('/').next().unwrap_or_default().to_owned();
    let opened = connect(asking).await?.registry().redeem_sign_in(RedeemSignInRequest { secret }).await?.into_inner();
    if asking.json {
        output::json(&json::value("tracemesh.registry.v1.RedeemSignInResponse", &opened))?;
    } else {
        println!("{}", opened.session);
        eprintln!("tracemesh: the token of {}, for 12 hours", opened.principal.unwrap_or_default().name);
    }
    Ok(DONE)
}
