//! A connection of async-nats.

use std::{collections::HashMap, sync::Mutex};

use async_nats::{
    Client, ConnectOptions,
    jetstream::{self, Context, kv::Store, object_store::ObjectStore},
};
use futures::{Stream, StreamExt};
use serde_json::{Value, json};
use tokio::task::AbortHandle;

use crate::{
    protocol::{Bucket, Outcome, write},
    refusals::Refusals,
};

/// A connection with the watches that it runs.
pub struct Connection {
    pub number: u64,
    pub client: Client,
    pub refusals: Refusals,
    watches: Mutex<HashMap<u64, AbortHandle>>,
}

impl Connection {
    /// Connects as a user. The library cannot be told not to reconnect at all, so that it tries that once.
    pub async fn open(
        number: u64,
        url: &str,
        user: String,
        password: String,
        inbox_prefix: Option<String>,
    ) -> Result<Connection, async_nats::Error> {
        let refusals = Refusals::default();
        let reported = refusals.clone();
        let mut options =
            ConnectOptions::with_user_and_password(user, password).max_reconnects(1).event_callback(move |event| {
                reported.take(number, &event);
                async {}
            });
        if let Some(prefix) = inbox_prefix {
            options = options.custom_inbox_prefix(prefix);
        }
        let client = options.connect(url).await?;
        Ok(Connection { number, client, refusals, watches: Mutex::default() })
    }

    /// JetStream of the account itself, or of a domain.
    pub fn jetstream(&self, domain: Option<String>) -> Context {
        match domain {
            Some(domain) => jetstream::with_domain(self.client.clone(), domain),
            None => jetstream::new(self.client.clone()),
        }
    }

    /// Opens a bucket that exists.
    pub async fn bucket(&self, Bucket { bucket, domain }: Bucket) -> Result<Store, async_nats::Error> {
        Ok(self.jetstream(domain).get_key_value(bucket).await?)
    }

    /// Opens an object store that exists.
    pub async fn objects(&self, store: &str) -> Result<ObjectStore, async_nats::Error> {
        Ok(self.jetstream(None).get_object_store(store).await?)
    }

    /// Reports each item of a watch until the watch is stopped; the library mends a watch that has an error.
    pub fn report<T, E>(
        &self,
        iteration: u64,
        mut items: impl Stream<Item = Result<T, E>> + Send + Unpin + 'static,
        value_of: impl Fn(T) -> Value + Send + 'static,
    ) -> Outcome
    where
        T: Send,
        E: Send,
    {
        let connection = self.number;
        let task = tokio::spawn(async move {
            while let Some(item) = items.next().await {
                if let Ok(item) = item {
                    let item = value_of(item);
                    write(&json!({ "event": "item", "connection": connection, "iteration": iteration, "item": item }));
                }
            }
        });
        self.watches.lock().unwrap().insert(iteration, task.abort_handle());
        Ok(Value::Null)
    }

    /// Ends a watch.
    pub fn stop(&self, iteration: u64) -> Outcome {
        if let Some(task) = self.watches.lock().unwrap().remove(&iteration) {
            task.abort();
        }
        Ok(Value::Null)
    }

    /// Ends all watches and closes the connection.
    pub async fn close(&self) -> Outcome {
        for (_, task) in self.watches.lock().unwrap().drain() {
            task.abort();
        }
        self.client.drain().await?;
        Ok(Value::Null)
    }
}
