//! What becomes of a run's events: the audit log, the summary, or both.

use crate::report::audit_log::{AuditLog, AuditLogError};
use crate::report::summary::Summary;
use crate::supervisor::events::{RecordError, Recorder};
use crate::verdict::LoggedEvent;

/// The consumers of events; with neither, events are forgotten.
#[derive(Default)]
pub struct Records {
    /// `--audit`.
    pub log: Option<AuditLog>,
    /// `--audit-summary`.
    pub summary: Option<Summary>,
}

impl Recorder for Records {
    fn record(&mut self, event: &LoggedEvent) -> Result<(), RecordError> {
        if let Some(summary) = &mut self.summary {
            summary.add(event);
        }
        let Some(log) = &mut self.log else {
            return Ok(());
        };
        log.event(event).map_err(|error| match error {
            AuditLogError::LimitReached { used, .. } => RecordError::Full { used },
            AuditLogError::Io { source } => RecordError::Failed(source.to_string()),
        })
    }
}
