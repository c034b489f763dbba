//! What a new country is told: each node its parent, and each city its areas, providers and subjects.

use std::collections::BTreeMap;

use anyhow::Context;
use futures::{StreamExt, TryStreamExt, stream};
use tracemesh_peers::Caller;
use tracemesh_proto::federation::v1::{CreateInvitationRequest, JoinParentRequest};
use tracemesh_proto::registry::v1::registry_service_client::RegistryServiceClient;
use tracemesh_proto::registry::v1::{AddAreaRequest, AddProviderRequest, Area, Provider, RegisterSubjectRequest, Subject};

use super::nodes::Member;
use crate::generate::World;

/// Subjects on their way to one registry.
const AT_ONCE: usize = 8;

/// As two operators do it: one invites, the other joins with the code.
pub async fn enrol(member: &Member, parent: &Member) -> anyhow::Result<()> {
    let request = CreateInvitationRequest { node: member.id.clone(), area: member.area.clone(), categories: Vec::new() };
    let invitation = parent.connect().await?.federation().create_invitation(request).await?.into_inner();
    let join = JoinParentRequest { url: parent.endpoints.grpc.clone(), code: invitation.code };
    let joined = member.connect().await?.federation().join_parent(join).await;
    joined.with_context(|| format!("{} does not join {}", member.id, parent.id)).map(drop)
}

/// The tokens of a city's providers.
pub async fn register(city: &Member, world: &World) -> anyhow::Result<BTreeMap<String, String>> {
    let mut registry = city.connect().await?.registry();
    add_areas(&mut registry, world).await?;
    let tokens = add_providers(&mut registry, world, &city.id).await?;
    register_subjects(&registry, world, &city.area).await?;
    Ok(tokens)
}

async fn add_areas(registry: &mut RegistryServiceClient<Caller>, world: &World) -> anyhow::Result<()> {
    for area in world.areas() {
        let area = Area {
            id: area.id.into(),
            parent: area.parent.into(),
            kind: area.kind.into(),
            name_zh: area.name_zh.into(),
            name_en: area.name_en.into(),
            ..Area::default()
        };
        match registry.add_area(AddAreaRequest { area: Some(area) }).await {
            Err(status) if status.code() != tonic::Code::AlreadyExists => return Err(status.into()),
            _ => {}
        }
    }
    Ok(())
}

async fn add_providers(
    registry: &mut RegistryServiceClient<Caller>,
    world: &World,
    city: &str,
) -> anyhow::Result<BTreeMap<String, String>> {
    let mut tokens = BTreeMap::new();
    for provider in world.providers().iter().filter(|provider| provider.node == city) {
        let document = Provider {
            id: provider.id.to_string(),
            name: provider.name.to_string(),
            areas: provider.areas.iter().map(ToString::to_string).collect(),
            categories: provider.categories.iter().map(ToString::to_string).collect(),
            default_area: provider.default_area.to_string(),
            default_category: provider.default_category.to_string(),
            default_responsible: provider.default_responsible.to_string(),
            ..Provider::default()
        };
        let added = registry.add_provider(AddProviderRequest { provider: Some(document) }).await?.into_inner();
        tokens.insert(provider.id.to_string(), added.token);
    }
    Ok(tokens)
}

/// Those whose region lies in the prefecture.
async fn register_subjects(registry: &RegistryServiceClient<Caller>, world: &World, area: &str) -> anyhow::Result<()> {
    let local = world.subjects().filter(|subject| subject.region[..4] == area[..4]);
    let registered = local.map(|subject| {
        let document = Subject {
            kind: subject.kind().into(),
            scheme: "uscc".into(),
            code: subject.uscc.clone(),
            name: subject.name.clone(),
            area: subject.region.into(),
            categories: subject.categories().iter().map(ToString::to_string).collect(),
            ..Subject::default()
        };
        let mut registry = registry.clone();
        async move { registry.register_subject(RegisterSubjectRequest { subject: Some(document) }).await }
    });
    stream::iter(registered).buffer_unordered(AT_ONCE).try_for_each(async |_| Ok(())).await?;
    Ok(())
}
