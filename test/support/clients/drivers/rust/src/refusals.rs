//! What the server refuses to a connection.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use async_nats::{Event, ServerError};
use serde_json::json;
use tokio::sync::oneshot::{self, Receiver, Sender};

use crate::protocol::write;

/// Reports what the server refuses to a connection, except where the refusal is what is waited for.
#[derive(Clone, Default)]
pub struct Refusals {
    awaited: Arc<Mutex<HashMap<String, Sender<()>>>>,
}

impl Refusals {
    /// Resolves when a subject is refused, in place of reporting that.
    pub fn of(&self, subject: &str) -> Receiver<()> {
        let (refused, receiver) = oneshot::channel();
        self.awaited.lock().unwrap().insert(subject.to_owned(), refused);
        receiver
    }

    /// Waits no longer for the refusal of a subject.
    pub fn forget(&self, subject: &str) {
        self.awaited.lock().unwrap().remove(subject);
    }

    /// Takes what happens to a connection.
    pub fn take(&self, connection: u64, event: &Event) {
        let Event::ServerError(ServerError::Other(text)) = event else { return };
        let Some((operation, subject)) = refused_by(text) else { return };
        if let Some(awaited) = self.awaited.lock().unwrap().remove(subject) {
            let _ = awaited.send(());
        } else {
            write(&json!({
                "event": "refusal",
                "connection": connection,
                "operation": operation,
                "subject": subject,
            }));
        }
    }
}

/// The operation and the subject of an error such as `Permissions Violation for Publish to "a.b"`.
fn refused_by(text: &str) -> Option<(String, &str)> {
    let (operation, rest) = text.strip_prefix("Permissions Violation for ")?.split_once(" to \"")?;
    let (subject, _) = rest.split_once('"')?;
    Some((operation.to_lowercase(), subject))
}
