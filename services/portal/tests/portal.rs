//! Every page from fixtures: empty, full and failing, in both languages.

#[path = "portal/fixtures.rs"]
mod fixtures;

#[path = "portal/accounts.rs"]
mod accounts;
#[path = "portal/browser.rs"]
mod browser;

#[path = "portal/console.rs"]
mod console;
#[path = "portal/drawn.rs"]
mod drawn;
#[path = "portal/incidents.rs"]
mod incidents;
#[path = "portal/live.rs"]
mod live;
#[path = "portal/orders.rs"]
mod orders;
#[path = "portal/public.rs"]
mod public;
#[path = "portal/quality.rs"]
mod quality;
#[path = "portal/scope.rs"]
mod scope;
#[path = "portal/sign_in.rs"]
mod sign_in;
#[path = "portal/trace.rs"]
mod trace;
