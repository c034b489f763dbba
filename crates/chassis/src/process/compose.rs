//! Many services, one process: their routes, probes and credential sources become one of each.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::response::IntoResponse;
use axum::routing::get;
use http::header::CONTENT_TYPE;
use jiff::SignedDuration;
use tonic_health::ServingStatus;
use tonic_health::server::HealthReporter;
use tracemesh_proto::DESCRIPTORS;

use super::elsewhere::{Elsewhere, pass_on};
use super::{OPERATOR_TOKEN_FILE, Shared, Sockets, StartError};
use crate::auth::{Authenticator, operator};
use crate::gateway::Gateway;
use crate::openapi;
use crate::private_file;
use crate::probe::{Health, Probe};
use crate::runtime::Runtime;
use crate::server::memory::Incoming;
use crate::server::observe::Calls;
use crate::server::stack::{self, Door};
use crate::server::{Server, Wire, ops};
use crate::service::Service;
use crate::tasks::{Backoff, OnFailure};
use crate::tls::{self, Clients, TlsError};

/// A certificate that ends sooner shows as degraded: the next start renews it.
const EXPIRY_NOTICE: SignedDuration = SignedDuration::from_hours(30 * 24);

pub(super) async fn serve(shared: &Arc<Shared>, incoming: Incoming, sockets: Sockets, services: Vec<Service>) -> Result<(), StartError> {
    let served = served(&services)?;
    let authenticator = Arc::new(authenticator(shared, &services)?);
    let clients = if authenticator.knows_outsiders() { Clients::WithOrWithout } else { Clients::Certified };
    let (tls, https) = (Arc::new(shared.tls.server_config(clients)?), https(shared)?);
    let elsewhere = Arc::new(Elsewhere::of(shared));
    // from here on nothing can fail: no listener is left behind by a start that did not succeed
    let (limits, tasks, meter) = (&shared.config.limits, &shared.tasks, shared.telemetry.meter("chassis"));

    let (health, health_server) = tonic_health::server::health_reporter();
    let grpc = grpc_routes(&services, elsewhere.clone())
        .merge(tonic::service::Routes::from(Router::new()).add_service(health_server).into_axum_router());
    let door = Door { authenticator: authenticator.clone(), elsewhere: Arc::new(elsewhere.nouns()) };
    let grpc = stack::grpc(grpc, limits, door, Calls::of_grpc(&meter), tasks.shutdown());
    let grpc = Server::new(grpc, Wire::Grpc, limits.clone(), tasks.clone());
    grpc.listen("grpc listener", sockets.grpc, Some(tls));
    grpc.listen_in_memory("in-memory listener", incoming);
    // nobody else sets it
    let _ = shared.grpc.set(grpc);
    say_healthy(shared, health, served.keys().copied().collect()).await;

    let others = elsewhere.probes();
    let http = gateway(shared, &served, elsewhere).router().route("/openapi.json", get(openapi_document));
    let http = services.iter().fold(http, |router, service| router.merge(service.http.clone()));
    let http = stack::http(http, limits, authenticator, Calls::of_http(&meter));
    Server::new(http, Wire::Http, limits.clone(), tasks.clone()).listen("http listener", sockets.http, https);

    let probes = services.into_iter().flat_map(|service| service.probes).chain([certificate_probe(shared)]).chain(others).collect();
    let ops = ops::router(probes, tasks.clone(), shared.telemetry.clone());
    Server::new(ops, Wire::Http, limits.clone(), tasks.clone()).listen("ops listener", sockets.ops, None);
    Ok(())
}

/// Every gRPC service with the noun of who serves it; one that is served twice would depend on luck.
fn served(services: &[Service]) -> Result<BTreeMap<&'static str, &'static str>, StartError> {
    let mut served = BTreeMap::new();
    for (name, noun) in services.iter().flat_map(|service| service.grpc.iter().map(|name| (*name, service.noun))) {
        if let Some(first) = served.insert(name, noun) {
            return Err(StartError::ServedTwice { service: name, first, second: noun });
        }
    }
    Ok(served)
}

fn authenticator(shared: &Shared, services: &[Service]) -> Result<Authenticator, StartError> {
    let operator = shared.is_gateway().then(|| operator::issue(&shared.config.data_dir.join(OPERATOR_TOKEN_FILE))).transpose()?;
    let sources = services.iter().flat_map(|service| service.credentials.clone()).collect();
    Ok(Authenticator::new(shared.keys.principal().verifying_key(), operator, shared.clock.clone(), sources))
}

fn grpc_routes(services: &[Service], elsewhere: Arc<Elsewhere>) -> Router {
    let reflection = tonic_reflection::server::Builder::configure().register_encoded_file_descriptor_set(DESCRIPTORS);
    let routes = Router::new().fallback(pass_on).with_state(elsewhere);
    let routes = match reflection.build_v1() {
        Ok(reflection) => routes.merge(tonic::service::Routes::from(Router::new()).add_service(reflection).into_axum_router()),
        Err(why) => {
            tracing::error!(%why, "reflection is not served");
            routes
        }
    };
    services.iter().fold(routes, |routes, service| routes.merge(service.routes.clone().into_axum_router()))
}

/// Healthy from now until the stop is requested, so that orchestrators and balancers look elsewhere while calls are finished.
async fn say_healthy(shared: &Shared, health: HealthReporter, names: Vec<&'static str>) {
    for name in &names {
        health.set_service_status(name, ServingStatus::Serving).await;
    }
    shared.tasks.spawn("health", OnFailure::Restart(Backoff::default()), move |shutdown| {
        let (health, names) = (health.clone(), names.clone());
        async move {
            shutdown.requested().await;
            for name in names.iter().copied().chain([""]) {
                health.set_service_status(name, ServingStatus::NotServing).await;
            }
            Ok(())
        }
    });
}

/// JSON for every RPC that this process serves or knows the address of.
fn gateway(shared: &Arc<Shared>, served: &BTreeMap<&'static str, &'static str>, elsewhere: Arc<Elsewhere>) -> Gateway {
    // `tracemesh.journal.v1.JournalService` is what its callers call `journal`, whoever serves it
    let here: Vec<String> = served.keys().filter_map(|name| name.split('.').nth(1)).map(str::to_owned).collect();
    let runtime = Runtime::new("gateway", shared.clone());
    let memory = shared.memory.channel();
    let channel_of = move |noun: &str| match here.iter().any(|served| served == noun) {
        true => Some(memory.clone()),
        false => elsewhere.channel(noun),
    };
    Gateway::new(channel_of, move |principal| runtime.sign(principal))
}

async fn openapi_document() -> impl IntoResponse {
    ([(CONTENT_TYPE, "application/json")], openapi::json())
}

fn https(shared: &Shared) -> Result<Option<Arc<rustls::ServerConfig>>, StartError> {
    let listen = &shared.config.listen;
    let (Some(certificate), Some(key)) = (&listen.http_certificate, &listen.http_key) else { return Ok(None) };
    let read = |path: &std::path::PathBuf| {
        private_file::read(path)?.ok_or_else(|| TlsError::Content { path: path.clone(), why: "there is no such file".into() })
    };
    Ok(Some(Arc::new(tls::https(&read(certificate)?, &read(key)?)?)))
}

fn certificate_probe(shared: &Arc<Shared>) -> Probe {
    let (clock, expires) = (shared.clock.clone(), shared.tls.expires());
    Probe::new("certificate", move || {
        let left = expires.duration_since(clock.now());
        let health = match left {
            left if left <= SignedDuration::ZERO => Health::Failed(format!("expired at {expires}; a restart renews it")),
            left if left < EXPIRY_NOTICE => Health::Degraded(format!("expires at {expires}; a restart renews it")),
            _ => Health::Ok,
        };
        async { health }
    })
}
