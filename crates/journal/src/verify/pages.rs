//! The tables that a walk reads from end to end, a page at a time, in the order of their keys.

use std::collections::VecDeque;

use sea_orm::DatabaseTransaction;
use tracemesh_store::{DbErr, Value, sql};

use crate::checkpoint;
use crate::row::{ORDER_COLUMNS, OrderTuple};

const PAGE: i64 = 1_000;

/// Order rows by first_seq.
pub(super) struct Orders {
    journal: i64,
    after: i64,
    page: VecDeque<OrderTuple>,
}

/// Nodes in the order in which a growing tree makes them, as (epoch, last, level, hash).
pub(super) struct Nodes {
    journal: i64,
    after: (i64, i64, i64),
    page: VecDeque<(i64, i64, i64, Vec<u8>)>,
}

/// Checkpoints by number.
pub(super) struct Checkpoints {
    journal: i64,
    after: i64,
    page: VecDeque<checkpoint::Tuple>,
}

impl Orders {
    pub fn new(journal: i64) -> Self {
        Self { journal, after: i64::MIN, page: VecDeque::new() }
    }

    pub async fn next(&mut self, db: &DatabaseTransaction) -> Result<Option<OrderTuple>, DbErr> {
        if self.page.is_empty() {
            let text =
                format!("SELECT {ORDER_COLUMNS} FROM journal_order WHERE journal = $1 AND first_seq > $2 ORDER BY first_seq LIMIT $3");
            self.page = sql::rows(db, &text, [self.journal, self.after, PAGE].map(Value::from).into()).await?.into();
        }
        let row = self.page.pop_front();
        self.after = row.as_ref().map_or(self.after, |row| row.0);
        Ok(row)
    }
}

impl Nodes {
    pub fn new(journal: i64) -> Self {
        Self { journal, after: (i64::MIN, i64::MIN, i64::MIN), page: VecDeque::new() }
    }

    pub async fn next(&mut self, db: &DatabaseTransaction) -> Result<Option<(i64, i64, i64, Vec<u8>)>, DbErr> {
        if self.page.is_empty() {
            let text = "SELECT epoch, last, level, hash FROM journal_node WHERE journal = $1 AND (epoch, last, level) > ($2, $3, $4)
                        ORDER BY epoch, last, level LIMIT $5";
            let (epoch, last, level) = self.after;
            self.page = sql::rows(db, text, [self.journal, epoch, last, level, PAGE].map(Value::from).into()).await?.into();
        }
        let row = self.page.pop_front();
        self.after = row.as_ref().map_or(self.after, |(epoch, last, level, _)| (*epoch, *last, *level));
        Ok(row)
    }
}

impl Checkpoints {
    pub fn new(journal: i64) -> Self {
        Self { journal, after: i64::MIN, page: VecDeque::new() }
    }

    pub async fn next(&mut self, db: &DatabaseTransaction) -> Result<Option<checkpoint::Tuple>, DbErr> {
        if self.page.is_empty() {
            let columns = checkpoint::COLUMNS;
            let text = format!("SELECT {columns} FROM checkpoint WHERE journal = $1 AND number > $2 ORDER BY number LIMIT $3");
            self.page = sql::rows(db, &text, [self.journal, self.after, PAGE].map(Value::from).into()).await?.into();
        }
        let row = self.page.pop_front();
        self.after = row.as_ref().map_or(self.after, |row| row.0);
        Ok(row)
    }
}
