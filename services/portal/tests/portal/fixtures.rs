//! Answers of services that do not exist, for drawing pages. A scene is the state of a whole node.

#[path = "fixtures/accounts.rs"]
pub mod accounts;
#[path = "fixtures/chains.rs"]
pub mod chains;
#[path = "fixtures/emergency.rs"]
pub mod emergency;
#[path = "fixtures/figures.rs"]
pub mod figures;
#[path = "fixtures/people.rs"]
pub mod people;
#[path = "fixtures/places.rs"]
pub mod places;
#[path = "fixtures/quality.rs"]
pub mod quality;
#[path = "fixtures/scopes.rs"]
pub mod scopes;
#[path = "fixtures/tree.rs"]
pub mod tree;

use std::sync::Arc;
use std::time::Duration;

use futures::{FutureExt, StreamExt, stream};
use jiff::{SignedDuration, Timestamp};
use tracemesh_access::Principal;
use tracemesh_chassis::{Clock, Shutdown};
use tracemesh_portal::config::PortalConfig;
use tracemesh_portal::error::{Reason, Trouble};
use tracemesh_portal::portal::{Portal, Wire};
use tracemesh_portal::sources::{Reply, ScopeParts, Seconds, Sources};
use tracemesh_proto::analytics::v1::{GetAggregatesRequest, GetAggregatesResponse};
use tracemesh_proto::federation::v1::GetLinkStatusResponse;
use tracemesh_proto::ingestion::v1::{
    GetIntakeResponse, GetReceiptRequest, GetReceiptResponse, GetScopeRequest, TraceRequest, TraceResponse, WatchIntakeResponse,
};
use tracemesh_proto::registry::v1::{Area, Node};

/// The state of a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scene {
    /// A province at noon, with children of every state.
    Full,
    /// All is well.
    Calm,
    /// A node of its first minute.
    Empty,
    /// Past midnight: today has no records yet.
    Night,
    /// Nothing answers, each part for a reason of its own.
    Failing,
    /// One part does not answer.
    Partial,
}

/// 13:02:41 on a Wednesday in China.
pub const NOON: &str = "2026-11-25T05:02:41Z";

/// A session that the fixtures know.
pub const SESSION: &str = "5e55104";

/// The services of a scene.
pub struct Fixture {
    pub scene: Scene,
    pub clock: Clock,
}

/// The pages of a scene at noon.
pub fn portal(scene: Scene) -> axum::Router {
    let noon: Timestamp = NOON.parse().expect("a time");
    router(scene, Clock::manual(noon.as_microsecond()), PortalConfig::default())
}

/// The pages of a scene by a given clock.
pub fn router(scene: Scene, clock: Clock, config: PortalConfig) -> axum::Router {
    let sources = Arc::new(Fixture { scene, clock: clock.clone() });
    tracemesh_portal::pages::router(Arc::new(Portal::new(&config, sources, clock, Shutdown::default(), Wire::Plain)))
}

/// A moment some seconds before another, as the wire has it.
pub fn before(now: Timestamp, seconds: i64) -> Option<prost_types::Timestamp> {
    let at = now.checked_sub(SignedDuration::from_secs(seconds)).expect("a time after the epoch");
    Some(prost_types::Timestamp { seconds: at.as_second(), nanos: 0 })
}

fn down<T>() -> Result<T, Trouble> {
    Err(Trouble::NoAnswer("connection refused".into()))
}

impl Fixture {
    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    fn unless_failing<T: Send + 'static>(&self, answer: T) -> Reply<'_, T> {
        let answer = if self.scene == Scene::Failing { down() } else { Ok(answer) };
        async { answer }.boxed()
    }
}

impl Fixture {
    /// What a service says of something that it has: its answer, a default in the scene of the first minute, nothing in the failing one.
    fn told<T: Default + Send + 'static>(&self, answer: impl FnOnce(Timestamp) -> Result<T, Trouble>) -> Reply<'_, T> {
        let answer = match self.scene {
            Scene::Failing => down(),
            Scene::Empty => Ok(T::default()),
            _ => answer(self.now()),
        };
        async { answer }.boxed()
    }
}

impl Sources for Fixture {
    fn node(&self) -> Reply<'_, Node> {
        self.unless_failing(places::node())
    }

    fn areas(&self) -> Reply<'_, Vec<Area>> {
        self.unless_failing(places::areas())
    }

    fn trace(&self, request: TraceRequest) -> Reply<'_, TraceResponse> {
        let answer = match self.scene {
            Scene::Failing => down(),
            _ => chains::of(&request.code),
        };
        async { answer }.boxed()
    }

    fn redeem_sign_in(&self, secret: String) -> Reply<'_, String> {
        let answer = match (self.scene, secret.as_str()) {
            (Scene::Failing, _) => down(),
            (_, "once") => Ok(SESSION.to_owned()),
            (_, name) if people::of(name).is_some() => Ok(name.to_owned()),
            _ => Err(Trouble::NotSignedIn),
        };
        async { answer }.boxed()
    }

    fn session(&self, session: String) -> Reply<'_, Principal> {
        let answer = people::of(&session).ok_or(Trouble::NotSignedIn);
        async { answer }.boxed()
    }

    fn end_session(&self, _: String) -> Reply<'_, ()> {
        self.unless_failing(())
    }

    fn intake<'a>(&'a self, _: &'a Principal) -> Reply<'a, GetIntakeResponse> {
        let answer = match self.scene {
            Scene::Failing => Err(Trouble::SwitchedOff(Reason {
                chinese: "本节点未开通接收".into(),
                english: "this node takes no submissions".into(),
            })),
            Scene::Empty => Ok(GetIntakeResponse { journal: "shandong.ingestion".into(), epoch: 1, ..GetIntakeResponse::default() }),
            _ => Ok(figures::intake()),
        };
        async { answer }.boxed()
    }

    fn watch_intake<'a>(&'a self, _: &'a Principal) -> Reply<'a, Seconds> {
        let (scene, clock) = (self.scene, self.clock.clone());
        if scene == Scene::Failing {
            return async { down() }.boxed();
        }
        let now = self.now();
        let past = (0..300).rev().map(move |back| Ok(second(scene, now, back)));
        let live = stream::unfold(clock, move |clock| async move {
            tokio::time::sleep(Duration::from_secs(1)).await;
            let second = second(scene, clock.now(), 0);
            Some((Ok(second), clock))
        });
        async move { Ok(stream::iter(past).chain(live).boxed()) }.boxed()
    }

    fn aggregates<'a>(&'a self, _: &'a Principal, request: GetAggregatesRequest) -> Reply<'a, GetAggregatesResponse> {
        let answer = match self.scene {
            Scene::Failing => Err(Trouble::Refused(Reason::default())),
            Scene::Partial => down(),
            Scene::Empty => Ok(GetAggregatesResponse::default()),
            Scene::Night if request.from == request.to => Ok(GetAggregatesResponse::default()),
            Scene::Calm | Scene::Night => {
                Ok(GetAggregatesResponse { missing: vec![], origins: vec![], ..figures::today(self.now(), &request) })
            }
            Scene::Full => Ok(figures::today(self.now(), &request)),
        };
        async { answer }.boxed()
    }

    fn scope<'a>(&'a self, _: &'a Principal, request: GetScopeRequest) -> Reply<'a, ScopeParts> {
        let answer = if self.scene == Scene::Failing { down() } else { scopes::of(&request.codes) };
        async { Ok(stream::iter(answer?.into_iter().map(Ok)).boxed()) }.boxed()
    }

    fn trace_for<'a>(&'a self, _: &'a Principal, request: TraceRequest) -> Reply<'a, TraceResponse> {
        self.trace(request)
    }

    fn receipt<'a>(&'a self, _: &'a Principal, request: GetReceiptRequest) -> Reply<'a, GetReceiptResponse> {
        self.told(|now| Ok(GetReceiptResponse { receipt: Some(figures::receipt(now, &request.id)) }))
    }

    fn links<'a>(&'a self, _: &'a Principal) -> Reply<'a, GetLinkStatusResponse> {
        let answer = match self.scene {
            Scene::Failing => down(),
            Scene::Empty => Ok(GetLinkStatusResponse::default()),
            Scene::Calm | Scene::Night => Ok(tree::calm(self.now())),
            Scene::Full | Scene::Partial => Ok(tree::full(self.now())),
        };
        async { answer }.boxed()
    }
}

/// A wave that rises towards noon, with a burst of rejections two minutes ago in the full scene.
fn second(scene: Scene, now: Timestamp, back: i64) -> WatchIntakeResponse {
    let at = before(now, back);
    let phase = (at.as_ref().map_or(0, |at| at.seconds) % 97) as f64;
    let wave = 74.0 + 22.0 * (phase / 15.4).sin() + 9.0 * (phase * 1.7).cos();
    let accepted = if scene == Scene::Empty { 0 } else { wave as u64 };
    let in_burst = scene == Scene::Full && (90..125).contains(&back);
    let rejected = if in_burst { 46 } else { u64::from(accepted > 90 && back % 7 == 0) };
    WatchIntakeResponse { at, accepted, duplicate: accepted / 11, rejected }
}
