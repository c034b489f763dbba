//! `sign-in`: the way into the console, once the first link was used or lost.

use serde_json::json;
use tracemesh_peers::local::Target;
use tracemesh_proto::registry::v1::MakeSignInLinkRequest;

use crate::cli::Asking;
use crate::output::{self, DONE};

/// Always the node of the data directory, as its operator: nobody else may ask, and only there is it known where people reach the console.
pub async fn run(asking: &Asking, why: String) -> anyhow::Result<u8> {
    let here = Target::local(&asking.data);
    let console = here.endpoints()?.http;
    let made = here.connect().await?.registry().make_sign_in_link(MakeSignInLinkRequest { why }).await?.into_inner();
    let link = format!("{console}{}", made.path);
    if asking.json {
        output::json(&json!({ "sign_in": link }))?;
    } else {
        println!("{link}");
        eprintln!("tracemesh: good once, within a day; other links and sessions of the administrator have ended");
    }
    Ok(DONE)
}
