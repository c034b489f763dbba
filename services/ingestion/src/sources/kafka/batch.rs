//! Messages on their way to one commit.

use crate::domain::submission::Submission;

/// Bytes in one commit, before a last message of any size: a journal commit takes 32 MiB, of which the largest message is less than half.
const BATCH_BYTES: usize = 8 << 20;

pub struct Batch {
    pub submissions: Vec<Submission>,
    bytes: usize,
    most: usize,
}

impl Batch {
    pub const fn new(most: usize) -> Self {
        Self { submissions: Vec::new(), bytes: 0, most }
    }

    pub fn push(&mut self, submission: Submission) {
        self.bytes += submission.body.len();
        self.submissions.push(submission);
    }

    pub const fn is_full(&self) -> bool {
        self.submissions.len() >= self.most || self.bytes >= BATCH_BYTES
    }

    pub const fn is_empty(&self) -> bool {
        self.submissions.is_empty()
    }
}
