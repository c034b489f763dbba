//! `provider`: who may submit.

use tracemesh_proto::json;
use tracemesh_proto::registry::v1 as wire;

use super::connect;
use crate::cli::{Asking, Provider};
use crate::output::{self, DONE};

pub async fn run(asking: &Asking, provider: Provider) -> anyhow::Result<u8> {
    let mut registry = connect(asking).await?.registry();
    match provider {
        Provider::Add { id, name, areas, categories, default_area, default_category, default_responsible } => {
            let provider = wire::Provider {
                id,
                name,
                areas,
                categories,
                default_area,
                default_category,
                default_responsible,
                ..wire::Provider::default()
            };
            let added = registry.add_provider(wire::AddProviderRequest { provider: Some(provider) }).await?.into_inner();
            show_token(asking, "tracemesh.registry.v1.AddProviderResponse", &added, &added.token)
        }
        Provider::List => {
            let mut request = wire::ListProvidersRequest::default();
            loop {
                let page = registry.list_providers(request.clone()).await?.into_inner();
                for provider in &page.providers {
                    tell(asking, provider)?;
                }
                if page.next_page_token.is_empty() {
                    return Ok(DONE);
                }
                request.page_token = page.next_page_token;
            }
        }
        Provider::Rotate { id } => {
            let rotated = registry.rotate_provider_token(wire::RotateProviderTokenRequest { id }).await?.into_inner();
            show_token(asking, "tracemesh.registry.v1.RotateProviderTokenResponse", &rotated, &rotated.token)
        }
        Provider::Suspend { id, why } => set_state(asking, registry, id, "suspended", why).await,
        Provider::Resume { id, why } => set_state(asking, registry, id, "active", why).await,
    }
}

async fn set_state(
    asking: &Asking,
    mut registry: wire::registry_service_client::RegistryServiceClient<tracemesh_peers::Caller>,
    id: String,
    state: &str,
    why: String,
) -> anyhow::Result<u8> {
    let request = wire::SetProviderStateRequest { id, state: state.into(), why };
    let changed = registry.set_provider_state(request).await?.into_inner();
    tell(asking, &changed.provider.unwrap_or_default())?;
    Ok(DONE)
}

fn show_token(asking: &Asking, name: &str, answer: &impl prost::Message, token: &str) -> anyhow::Result<u8> {
    if asking.json {
        output::json(&json::value(name, answer))?;
    } else {
        println!("{token}");
        eprintln!("tracemesh: the token is shown this once; `tracemesh provider rotate` makes another");
    }
    Ok(DONE)
}

fn tell(asking: &Asking, provider: &wire::Provider) -> anyhow::Result<()> {
    if asking.json {
        return output::json(&json::value("tracemesh.registry.v1.Provider", provider));
    }
    println!("{:24}  {:10}  {}  {}", provider.id, provider.state, provider.areas.join(","), provider.categories.join(","));
    Ok(())
}
