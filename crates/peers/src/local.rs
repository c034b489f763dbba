//! How the command line finds a node: on its own machine through the data directory, elsewhere by URL.

use std::io;
use std::path::{Path, PathBuf};

use tracemesh_chassis::FileError;
use tracemesh_chassis::process::{Endpoints, OPERATOR_TOKEN_FILE};

use crate::clients::Clients;
use crate::remote::{Remote, RemoteError};
use crate::trust::Trust;

/// Which node, and who asks: what `--node`, `--token`, `--ca` and `--data` say.
#[derive(Clone, Debug)]
pub struct Target {
    /// `https://HOST:PORT` of the node's gRPC; without it, the node that was started with the data directory.
    pub node: Option<String>,
    /// A bearer token; without it, the operator's, where the data directory has it.
    pub token: Option<String>,
    /// The node's CA certificate, PEM file; without it, the data directory's.
    pub ca: Option<PathBuf>,
    /// The data directory.
    pub data_dir: PathBuf,
}

/// Why there is no node to talk to; each says which command to try.
#[derive(Debug, thiserror::Error)]
pub enum NoNode {
    /// Nothing was ever started there.
    #[error("no node was started in {}: start one with `tracemesh up --data {}`, or name one with `--node URL`", .0.display(), .0.display())]
    NotStarted(PathBuf),
    /// It was started there and does not answer.
    #[error("{why}; it may have stopped: start it with `tracemesh up --data {}`", data_dir.display())]
    Stopped {
        /// Where.
        data_dir: PathBuf,
        /// How far we came.
        why: String,
    },
    /// A file that says how to talk to it is not for us.
    #[error("{why}: run this as the user who started the node, or pass `--node`, `--ca` and `--token`")]
    Unreadable {
        /// Which file, and why.
        why: String,
    },
    /// The CA of a node elsewhere is not known.
    #[error("the certificate of {0} cannot be checked: pass its CA with `--ca FILE` (identity/ca.pem in that node's data directory)")]
    NoCa(String),
    /// A node elsewhere cannot be reached, or is another one than we think.
    #[error("{0}; `tracemesh link status` at that node, or its /readyz, says more")]
    Elsewhere(RemoteError),
}

impl Target {
    /// The node of a data directory, as its operator.
    pub fn local(data_dir: &Path) -> Target {
        Target { node: None, token: None, ca: None, data_dir: data_dir.to_owned() }
    }

    /// Where the node of the data directory listens.
    pub fn endpoints(&self) -> Result<Endpoints, NoNode> {
        let found = Endpoints::read(&self.data_dir).map_err(|why| NoNode::Unreadable { why: why.to_string() })?;
        found.ok_or_else(|| NoNode::NotStarted(self.data_dir.clone()))
    }

    /// Connects, and gives clients that call as who asks.
    pub async fn connect(&self) -> Result<Clients, NoNode> {
        match &self.node {
            None => self.connect_here().await,
            Some(url) => self.connect_to(url).await,
        }
    }

    async fn connect_here(&self) -> Result<Clients, NoNode> {
        let endpoints = self.endpoints()?;
        let ca = read(self.ca.as_ref().unwrap_or(&endpoints.ca))?;
        let token = match &self.token {
            Some(token) => token.clone(),
            None => read(&self.data_dir.join(OPERATOR_TOKEN_FILE))?,
        };
        let stopped = |why: RemoteError| NoNode::Stopped { data_dir: self.data_dir.clone(), why: why.to_string() };
        let remote = Remote::connect(&endpoints.grpc, &Trust::Ca(ca), None).await.map_err(stopped)?;
        Ok(remote.clients_with_token(&token))
    }

    async fn connect_to(&self, url: &str) -> Result<Clients, NoNode> {
        let here = self.endpoints().ok();
        let ca = self.ca.clone().or_else(|| here.as_ref().map(|here| here.ca.clone()));
        let ca = read(&ca.ok_or_else(|| NoNode::NoCa(url.to_owned()))?)?;
        let remote = Remote::connect(url, &Trust::Ca(ca), None).await.map_err(NoNode::Elsewhere)?;
        let is_here = here.is_some_and(|here| here.grpc == url);
        Ok(match &self.token {
            Some(token) => remote.clients_with_token(token),
            None if is_here => remote.clients_with_token(&read(&self.data_dir.join(OPERATOR_TOKEN_FILE))?),
            None => remote.clients(),
        })
    }
}

fn read(path: &Path) -> Result<String, NoNode> {
    let unreadable = |source: io::Error| NoNode::Unreadable { why: FileError { path: path.to_owned(), source }.to_string() };
    std::fs::read_to_string(path).map_err(unreadable)
}
