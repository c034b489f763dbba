//! A board as it changes. Who watches is sent the newest state, not each one: a slow reader misses steps and never the end, and nothing queues up.

use futures::Stream;
use tokio::sync::{OwnedSemaphorePermit, watch};
use tracemesh_access::Principal;
use tracemesh_proto::emergency::v1::Board;

use super::Emergency;
use crate::error::EmergencyError;
use crate::store;

struct Watching {
    emergency: Emergency,
    id: String,
    changes: watch::Receiver<u64>,
    last: Option<Board>,
    _place: OwnedSemaphorePermit,
}

impl Emergency {
    /// The board at once, and whenever it is another one, until the service stops.
    pub async fn watch_order(
        &self,
        reader: &Principal,
        id: &str,
    ) -> Result<impl Stream<Item = Result<Board, EmergencyError>> + Send + use<>, EmergencyError> {
        self.order(reader, id).await?;
        let place = self.watchers.clone().try_acquire_owned().map_err(|_| EmergencyError::TooManyWatchers)?;
        let (emergency, changes) = (self.clone(), self.changes.subscribe());
        let watching = Watching { emergency, id: id.into(), changes, last: None, _place: place };
        Ok(futures::stream::unfold(Some(watching), |watching| async move {
            let mut watching = watching?;
            match watching.next().await {
                Ok(board) => board.map(|board| (Ok(board), Some(watching))),
                Err(error) => Some((Err(error), None)),
            }
        }))
    }
}

impl Watching {
    /// The next board that differs from the last; none once the service stops.
    async fn next(&mut self) -> Result<Option<Board>, EmergencyError> {
        loop {
            self.changes.mark_unchanged();
            let board = self.look().await?;
            if self.last.as_ref() != Some(&board) {
                self.last = Some(board.clone());
                return Ok(Some(board));
            }
            tokio::select! {
                () = self.emergency.shutdown.requested() => return Ok(None),
                changed = self.changes.changed() => if changed.is_err() { return Ok(None) },
            }
        }
    }

    async fn look(&self) -> Result<Board, EmergencyError> {
        let db = self.emergency.db.read();
        let kept = store::orders::by_id(db, &self.id).await?.ok_or_else(|| EmergencyError::NoOrder(self.id.clone()))?;
        self.emergency.board(db, kept).await
    }
}
