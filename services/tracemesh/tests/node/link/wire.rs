//! The network between a child and its parent: bytes pass until the wire is cut, and then what was open breaks and nothing new comes through.

use std::net::SocketAddr;

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

pub struct Wire {
    /// Where the child dials.
    pub address: SocketAddr,
    far_end: watch::Sender<Option<SocketAddr>>,
    _carrying: JoinSet<()>,
}

impl Wire {
    /// Leads nowhere yet.
    pub async fn new() -> Wire {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (far_end, leads_to) = watch::channel(None);
        let address = listener.local_addr().unwrap();
        let mut carrying = JoinSet::new();
        carrying.spawn(carry(listener, leads_to));
        Wire { address, far_end, _carrying: carrying }
    }

    /// Leads there from now on, or nowhere.
    pub fn lead(&self, to: Option<SocketAddr>) {
        self.far_end.send_replace(to);
    }
}

async fn carry(listener: TcpListener, far_end: watch::Receiver<Option<SocketAddr>>) {
    let mut open = JoinSet::new();
    loop {
        let (near, _) = listener.accept().await.unwrap();
        let mut far_end = far_end.clone();
        let leads_to = *far_end.borrow_and_update();
        open.spawn(async move {
            tokio::select! {
                () = pass(near, leads_to) => {}
                _ = far_end.changed() => {}
            }
        });
    }
}

async fn pass(mut near: TcpStream, leads_to: Option<SocketAddr>) {
    let Some(address) = leads_to else { return };
    if let Ok(mut far) = TcpStream::connect(address).await {
        // However it ends, the far side sees that it has.
        let _ = copy_bidirectional(&mut near, &mut far).await;
    }
}
