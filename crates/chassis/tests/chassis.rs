//! A process with a toy of a service, reached as others reach it: by TLS, through memory, over HTTP.

#[path = "chassis/access.rs"]
mod access;
#[path = "chassis/browser.rs"]
mod browser;
#[path = "chassis/certificates.rs"]
mod certificates;
#[path = "chassis/elsewhere.rs"]
mod elsewhere;
#[path = "chassis/http.rs"]
mod http;
#[path = "chassis/process.rs"]
mod process;
#[path = "chassis/stop.rs"]
mod stop;
#[path = "chassis/toy.rs"]
mod toy;
#[path = "chassis/wire.rs"]
mod wire;
