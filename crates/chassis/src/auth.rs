//! Who is calling, and may they: decided once, before any handler runs.
//!
//! A caller shows a bearer token, or the certificate of its node, or nothing. The token is that of a service of this node (signed, short),
//! the operator's, or one that a [`CredentialSource`] knows; nothing shown makes the public principal; something shown that nobody knows is
//! UNAUTHENTICATED, never silently public. The principal is then held against the rule that the RPC declares in its proto.

mod authenticator;
pub(crate) mod operator;

use std::fmt;

use tracemesh_access::Principal;

use crate::error::Error;

pub use self::authenticator::Authenticator;

/// A place that knows callers: provider tokens, sessions, the nodes of links.
#[tonic::async_trait]
pub trait CredentialSource: Send + Sync + 'static {
    /// Whose credential it is. Asked for every call that shows one, so it should answer from memory or its own database.
    async fn who(&self, shown: &Credential) -> Answer;

    /// Whether they call this process's gRPC from outside of the node, and its listener is open to them. The node's own people are not such: they
    /// come over HTTP, or through the gateway.
    fn comes_from_outside(&self) -> bool {
        true
    }
}

/// What a caller shows.
#[derive(Clone, Debug)]
pub enum Credential {
    /// `Authorization: Bearer …`
    Token(Token),
    /// The certificate of a node, verified against this node's CA, or the far end of a link's tunnel.
    Node(PeerNode),
}

/// What the secret of a person's session begins with. So no other token is looked for among the sessions, and none of these elsewhere.
pub const SESSION: &str = "session-";

impl Credential {
    /// The token, where it is that of a person's session.
    pub fn session(&self) -> Option<&Token> {
        match self {
            Credential::Token(token) if token.text().starts_with(SESSION) => Some(token),
            _ => None,
        }
    }
}

/// A bearer token as it was shown. It is never logged.
#[derive(Clone)]
pub struct Token(String);

impl Token {
    /// From the text after `Bearer `.
    pub fn new(text: impl Into<String>) -> Token {
        Token(text.into())
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// What is kept of a token: its SHA-256.
    pub fn sha256(&self) -> [u8; 32] {
        crate::keys::sha256(self.0.as_bytes())
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// The node at the other end of a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeerNode {
    /// Its id, from the URI `tracemesh://node/ID` in its certificate.
    pub id: String,
    /// SHA-256 of its certificate, hex.
    pub fingerprint: String,
    /// Where it stands to us: below when it dialled us, above when we dialled it and it calls back through our tunnel.
    pub side: Side,
}

/// Which way a link's connection was dialled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// It dialled us.
    Below,
    /// We dialled it; it calls through the tunnel that we hold open.
    Above,
}

/// What a source says to a credential.
#[derive(Debug)]
pub enum Answer {
    /// Not one of its own: the next source is asked.
    Unknown,
    /// The caller.
    Known(Principal),
    /// It knows the caller and lets it do nothing (a suspended provider, a link that was cut), or it cannot tell now. The caller gets this.
    Refused(Error),
}
