//! `account`: who may sign in.

use tracemesh_proto::json;
use tracemesh_proto::registry::v1 as wire;

use super::{connect, target};
use crate::cli::{Account, Asking};
use crate::output::{self, DONE};

pub async fn run(asking: &Asking, account: Account) -> anyhow::Result<u8> {
    match account {
        Account::Appoint { name, roles, areas, categories, display, why } => {
            let account = wire::Account { name, display_name: display, roles, areas, categories, ..wire::Account::default() };
            appoint(asking, account, why).await
        }
        Account::List => list(asking).await,
        Account::Suspend { name, why } => set_state(asking, name, "suspended", why).await,
        Account::Resume { name, why } => set_state(asking, name, "active", why).await,
    }
}

async fn appoint(asking: &Asking, account: wire::Account, why: String) -> anyhow::Result<u8> {
    let request = wire::AppointAccountRequest { account: Some(account), why };
    let mut appointed = connect(asking).await?.registry().appoint_account(request).await?.into_inner();
    // Only at the node's own machine is it known where people reach the console.
    if asking.node.is_none() {
        appointed.sign_in.insert_str(0, &target(asking).endpoints()?.http);
    }
    if asking.json {
        output::json(&json::value("tracemesh.registry.v1.AppointAccountResponse", &appointed))?;
    } else {
        println!("{}", appointed.sign_in);
        eprintln!(
            "tracemesh: good once, within a day, in a browser or with `tracemesh session open`; what let the account in before has ended"
        );
    }
    Ok(DONE)
}

async fn list(asking: &Asking) -> anyhow::Result<u8> {
    let mut registry = connect(asking).await?.registry();
    let mut request = wire::ListAccountsRequest::default();
    loop {
        let page = registry.list_accounts(request.clone()).await?.into_inner();
        for account in &page.accounts {
            tell(asking, account)?;
        }
        if page.next_page_token.is_empty() {
            return Ok(DONE);
        }
        request.page_token = page.next_page_token;
    }
}

async fn set_state(asking: &Asking, name: String, state: &str, why: String) -> anyhow::Result<u8> {
    let request = wire::SetAccountStateRequest { name, state: state.into(), why };
    let changed = connect(asking).await?.registry().set_account_state(request).await?.into_inner();
    tell(asking, &changed.account.unwrap_or_default())?;
    Ok(DONE)
}

fn tell(asking: &Asking, account: &wire::Account) -> anyhow::Result<()> {
    if asking.json {
        return output::json(&json::value("tracemesh.registry.v1.Account", account));
    }
    let [roles, areas, categories] = [&account.roles, &account.areas, &account.categories].map(|words| words.join(","));
    println!("{:24}  {:10}  {roles}  {areas}  {categories}  {}", account.name, account.state, account.display_name);
    Ok(())
}
