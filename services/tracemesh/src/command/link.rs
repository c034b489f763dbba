//! `link`: enrolling a child and letting it go, joining a parent, and how the links are.

use tracemesh_proto::federation::v1 as wire;
use tracemesh_proto::json;
use tracemesh_proto::time::micros;

use super::connect;
use crate::cli::{Asking, Link};
use crate::output::{self, DONE, NO};

pub async fn run(asking: &Asking, link: Link) -> anyhow::Result<u8> {
    match link {
        Link::Invite { node, area, categories } => {
            // --node is the child here, never an address.
            let here = Asking { node: None, ..asking.clone() };
            let request = wire::CreateInvitationRequest { node, area, categories };
            let invitation = connect(&here).await?.federation().create_invitation(request).await?.into_inner();
            if asking.json {
                output::json(&json::value("tracemesh.federation.v1.CreateInvitationResponse", &invitation))?;
            } else {
                println!("{}", invitation.code);
                eprintln!("tracemesh: on the child, run `tracemesh link join URL CODE` within 7 days");
            }
            Ok(DONE)
        }
        Link::Join { url, code } => {
            let joined = connect(asking).await?.federation().join_parent(wire::JoinParentRequest { url, code }).await?.into_inner();
            if asking.json {
                output::json(&json::value("tracemesh.federation.v1.JoinParentResponse", &joined))?;
            } else {
                println!("joined {}", joined.parent);
            }
            Ok(DONE)
        }
        Link::Status => status(asking).await,
        Link::Resync { child, why } => {
            let request = wire::ResyncRequest { child, why };
            let child = connect(asking).await?.federation().resync(request).await?.into_inner().child.unwrap_or_default();
            print(&child, 0);
            Ok(DONE)
        }
        Link::Revoke { child, why } => {
            let request = wire::RevokeRequest { child, why };
            let child = connect(asking).await?.federation().revoke(request).await?.into_inner().child.unwrap_or_default();
            print(&child, 0);
            Ok(DONE)
        }
    }
}

/// Exit 1 where a link is quarantined.
async fn status(asking: &Asking) -> anyhow::Result<u8> {
    let status = connect(asking).await?.federation().get_link_status(wire::GetLinkStatusRequest {}).await?.into_inner();
    if asking.json {
        output::json(&json::value("tracemesh.federation.v1.GetLinkStatusResponse", &status))?;
    } else {
        if let Some(parent) = &status.parent {
            print(parent, 0);
        }
        println!("{}", status.node);
        status.children.iter().for_each(|child| print(child, 1));
    }
    let quarantined = status.children.iter().chain(&status.parent).any(|link| link.state == "quarantined");
    Ok(if quarantined { NO } else { DONE })
}

fn print(link: &wire::LinkState, depth: usize) {
    let seen = jiff::Timestamp::from_microsecond(micros(link.last_seen.as_ref())).map_or_else(|_| String::new(), |at| at.to_string());
    let indent = "  ".repeat(depth);
    println!("{indent}{}  {}  seen {seen}  cursor {}  behind {}  {}", link.node, link.state, link.cursor, link.behind, link.detail);
    link.children.iter().for_each(|child| print(child, depth + 1));
}
