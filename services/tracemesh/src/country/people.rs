//! Who signs and answers for the nodes: officials whom each node's first administrator appoints, as anybody would, by one-time links.

use anyhow::Context;
use tracemesh_peers::Clients;
use tracemesh_peers::local::Target;
use tracemesh_proto::registry::v1::{Account, AppointAccountRequest, MakeSignInLinkRequest, RedeemSignInRequest};

use super::nodes::Member;

/// Appoints people at a node and signs them in, in the order in which they are named. Whoever was signed in there as the administrator is signed out.
pub async fn appoint(member: &Member, people: &[(&str, &[&str])]) -> anyhow::Result<Vec<Clients>> {
    let operator = member.connect().await?;
    let why = "the demonstration appoints its people".to_owned();
    let link = operator.registry().make_sign_in_link(MakeSignInLinkRequest { why: why.clone() }).await?.into_inner().path;
    let administrator = sign_in(member, &link).await?;
    let mut signed_in = Vec::new();
    for (name, roles) in people {
        let account = Account {
            name: (*name).into(),
            display_name: (*name).into(),
            roles: roles.iter().map(|role| (*role).to_owned()).collect(),
            areas: vec!["*".into()],
            categories: vec!["*".into()],
            ..Account::default()
        };
        let request = AppointAccountRequest { account: Some(account), why: why.clone() };
        let appointed = administrator.registry().appoint_account(request).await.with_context(|| format!("{name} is not appointed"))?;
        signed_in.push(sign_in(member, &appointed.into_inner().sign_in).await?);
    }
    Ok(signed_in)
}

async fn sign_in(member: &Member, link: &str) -> anyhow::Result<Clients> {
    let secret = link.rsplit('/').next().unwrap_or_default().to_owned();
    let redeemed = member.connect().await?.registry().redeem_sign_in(RedeemSignInRequest { secret }).await?.into_inner();
    Ok(Target { token: Some(redeemed.session), ..Target::local(&member.data) }.connect().await?)
}
