//! Why a call was refused or failed: `error.*`, one file for each part of the mesh that says so.
//!
//! [`GENERAL`] has one message for each error code of the chassis, for where nothing more exact is known. All others name the thing.

mod access;
mod analytics;
mod emergency;
mod federation;
mod general;
mod ingestion;
mod journal;
mod quality;
mod registry;
mod request;
mod rules;

pub(crate) use access::ACCESS;
pub(crate) use analytics::ANALYTICS;
pub(crate) use emergency::EMERGENCY;
pub(crate) use federation::FEDERATION;
pub(crate) use general::GENERAL;
pub(crate) use ingestion::INGESTION;
pub(crate) use journal::JOURNAL;
pub(crate) use quality::QUALITY;
pub(crate) use registry::REGISTRY;
pub(crate) use request::REQUEST;
pub(crate) use rules::RULES;
