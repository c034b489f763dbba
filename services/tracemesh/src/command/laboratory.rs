//! `laboratory`: whose failed inspections count.

use tracemesh_proto::json;
use tracemesh_proto::registry::v1 as wire;

use super::connect;
use crate::cli::{Asking, Authorise, Laboratory};
use crate::output::{self, DONE};

pub async fn run(asking: &Asking, laboratory: Laboratory) -> anyhow::Result<u8> {
    let mut registry = connect(asking).await?.registry();
    match laboratory {
        Laboratory::Authorise(Authorise { code, name, areas, categories, from, to, why }) => {
            let laboratory = wire::Laboratory { code, name, areas, categories, valid_from: from, valid_to: to };
            let request = wire::AuthoriseLaboratoryRequest { laboratory: Some(laboratory), why };
            let authorised = registry.authorise_laboratory(request).await?.into_inner();
            tell(asking, &authorised.laboratory.unwrap_or_default())?;
        }
        Laboratory::List => {
            for laboratory in registry.list_laboratories(wire::ListLaboratoriesRequest {}).await?.into_inner().laboratories {
                tell(asking, &laboratory)?;
            }
        }
    }
    Ok(DONE)
}

fn tell(asking: &Asking, laboratory: &wire::Laboratory) -> anyhow::Result<()> {
    if asking.json {
        return output::json(&json::value("tracemesh.registry.v1.Laboratory", laboratory));
    }
    let wire::Laboratory { code, name, valid_from, valid_to, .. } = laboratory;
    let [areas, categories] = [&laboratory.areas, &laboratory.categories].map(|words| words.join(","));
    println!("{code}  {valid_from:10} .. {valid_to:10}  {areas}  {categories}  {name}");
    Ok(())
}
