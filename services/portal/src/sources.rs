//! What pages are made from: the questions that the portal asks the other services. Production asks them through `peers`; tests answer
//! with fixtures, so that every page can be drawn empty, full and failing.
//!
//! Every question has a deadline, which the implementation sets. None is retried here: the reader's reload is the retry.

pub mod accounts;
pub mod emergency;
pub mod peers;
pub mod quality;

use futures::future::BoxFuture;
use futures::stream::BoxStream;
use tracemesh_access::Principal;
use tracemesh_proto::analytics::v1::{GetAggregatesRequest, GetAggregatesResponse};
use tracemesh_proto::federation::v1::GetLinkStatusResponse;
use tracemesh_proto::ingestion::v1::{
    GetIntakeResponse, GetReceiptRequest, GetReceiptResponse, GetScopeRequest, GetScopeResponse, TraceRequest, TraceResponse,
    WatchIntakeResponse,
};
use tracemesh_proto::registry::v1::{Area, Node};

use crate::error::Trouble;
use crate::sources::accounts::AccountSources;
use crate::sources::emergency::EmergencySources;
use crate::sources::quality::QualitySources;

/// An answer, or why there is none.
pub type Answer<T> = Result<T, Trouble>;
/// An answer that is on its way.
pub type Reply<'a, T> = BoxFuture<'a, Answer<T>>;
/// Seconds of intake: those of the last minutes, then one each second until the reader leaves.
pub type Seconds = BoxStream<'static, Answer<WatchIntakeResponse>>;
/// The parts of a scope as they come: first its head, then units and holdings.
pub type ScopeParts = BoxStream<'static, Answer<GetScopeResponse>>;

/// The questions. Those about the node's insides are asked on behalf of the one who looks.
pub trait Sources: EmergencySources + QualitySources + AccountSources {
    /// Who this node is.
    fn node(&self) -> Reply<'_, Node>;
    /// The areas that it knows.
    fn areas(&self) -> Reply<'_, Vec<Area>>;
    /// The chain around a code, as the public may see it.
    fn trace(&self, request: TraceRequest) -> Reply<'_, TraceResponse>;

    /// Turns the secret of a one-time link into a session.
    fn redeem_sign_in(&self, secret: String) -> Reply<'_, String>;
    /// Whose session it is; `NotSignedIn` for one that has ended.
    fn session(&self, session: String) -> Reply<'_, Principal>;
    /// Ends a session.
    fn end_session(&self, session: String) -> Reply<'_, ()>;

    /// Submissions by verdict, since the journal began.
    fn intake<'a>(&'a self, asker: &'a Principal) -> Reply<'a, GetIntakeResponse>;
    /// Submissions by verdict, second by second.
    fn watch_intake<'a>(&'a self, asker: &'a Principal) -> Reply<'a, Seconds>;
    /// Figures.
    fn aggregates<'a>(&'a self, asker: &'a Principal, request: GetAggregatesRequest) -> Reply<'a, GetAggregatesResponse>;
    /// Everything that a recall of some units has to reach.
    fn scope<'a>(&'a self, asker: &'a Principal, request: GetScopeRequest) -> Reply<'a, ScopeParts>;
    /// The chain around a code, as whoever is signed in may see it.
    fn trace_for<'a>(&'a self, asker: &'a Principal, request: TraceRequest) -> Reply<'a, TraceResponse>;
    /// What became of a submission.
    fn receipt<'a>(&'a self, asker: &'a Principal, request: GetReceiptRequest) -> Reply<'a, GetReceiptResponse>;
    /// The parent and the nodes below.
    fn links<'a>(&'a self, asker: &'a Principal) -> Reply<'a, GetLinkStatusResponse>;
}
