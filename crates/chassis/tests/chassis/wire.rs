//! Calls to the toy without our own client crate: what any gRPC client would do.

use tonic::Request;
use tonic::transport::{Certificate, Channel, ClientTlsConfig, Endpoint};
use tracemesh_chassis::process::OPERATOR_TOKEN_FILE;

use crate::toy::Node;

impl Node {
    pub fn operator_token(&self) -> String {
        std::fs::read_to_string(self.folder.path().join(OPERATOR_TOKEN_FILE)).unwrap()
    }

    /// A channel over TLS with this trust and identity.
    pub async fn channel(&self, tls: ClientTlsConfig) -> Result<Channel, tonic::transport::Error> {
        Endpoint::from_shared(self.running.endpoints().grpc.clone())?.tls_config(tls)?.connect().await
    }

    pub async fn trusted_channel(&self) -> Channel {
        self.channel(ClientTlsConfig::new().ca_certificate(Certificate::from_pem(self.ca()))).await.expect("the CA is that of the node")
    }
}

/// A request with a bearer token.
pub fn bearing<T>(message: T, token: &str) -> Request<T> {
    let mut request = Request::new(message);
    request.metadata_mut().insert("authorization", format!("Bearer {token}").parse().unwrap());
    request
}
