//! `link`: enrolling a child and letting it go, joining a parent, and how the links are.

use tracemesh_proto::federation::v1 as wire;
use tracemesh_proto::json;
use tracemesh_proto::time::micros;

use super::connect;
use crate::cli::{Asking, Link};
use crate::output::{self, DONE, NO};

pub async fn run(asking: &Asking, link: Link) -> anyhow::Result<u8> {
    match link {
        Link::Invite { node, at, area, categories } => {
            // --node is the child here, never an address.
            let inviting = Asking { node: at, ..asking.clone() };
            let request = wire::CreateInvitationRequest { node, area, categories };
            let invitation = connect(&inviting).await?.federation().create_invitation(request).await?.into_inner();
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
            tell(asking, &child)
        }
        Link::Revoke { child, why } => {
            let request = wire::RevokeRequest { child, why };
            let child = connect(asking).await?.federation().revoke(request).await?.into_inner().child.unwrap_or_default();
            tell(asking, &child)
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

fn tell(asking: &Asking, link: &wire::LinkState) -> anyhow::Result<u8> {
    if asking.json {
        output::json(&json::value("tracemesh.federation.v1.LinkState", link))?;
    } else {
        print(link, 0);
    }
    Ok(DONE)
}

fn print(link: &wire::LinkState, depth: usize) {
    let seen = link.last_seen.as_ref().and_then(|at| jiff::Timestamp::from_microsecond(micros(Some(at))).ok());
    let seen = seen.map_or_else(|| "never".to_owned(), |at| at.to_string());
    let indent = "  ".repeat(depth);
    let sent: u64 = link.downlinks.iter().map(|downlink| downlink.behind).sum();
    let sent = if sent > 0 { format!("{sent} not received  ") } else { String::new() };
    println!("{indent}{}  {}  seen {seen}  cursor {}  behind {}  {sent}{}", link.node, link.state, link.cursor, link.behind, link.detail);
    link.children.iter().for_each(|child| print(child, depth + 1));
}
