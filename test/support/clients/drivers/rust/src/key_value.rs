//! Key-value buckets.

use async_nats::jetstream::kv::{CreateErrorKind, Entry, Operation, Store};
use futures::TryStreamExt;
use serde_json::{Value, json};

use crate::{
    connection::Connection,
    protocol::{Data, Outcome, base64},
};

/// Reads the last entry of a key, or the entry that has a revision.
pub async fn get(store: &Store, key: String, revision: Option<u64>) -> Outcome {
    let entry = match revision {
        Some(revision) => store.entry_for_revision(key, revision).await?,
        None => store.entry(key).await?,
    };
    Ok(entry.map_or(Value::Null, entry_value))
}

/// Writes a key.
pub async fn put(store: &Store, key: String, Data(value): Data) -> Outcome {
    Ok(store.put(key, value.into()).await?.into())
}

/// Writes a key that has no value. The library looks for the value itself, so that the server's text is not in its error.
pub async fn create(store: &Store, key: String, Data(value): Data) -> Outcome {
    match store.create(key, value.into()).await {
        Ok(revision) => Ok(revision.into()),
        Err(error) if error.kind() == CreateErrorKind::AlreadyExists => {
            Err(format!("wrong last sequence: {error}").into())
        }
        Err(error) => Err(error.into()),
    }
}

/// Writes a key whose last entry has a revision.
pub async fn update(store: &Store, key: String, Data(value): Data, revision: u64) -> Outcome {
    Ok(store.update(key, value.into(), revision).await?.into())
}

/// Marks a key as deleted.
pub async fn delete(store: &Store, key: String) -> Outcome {
    store.delete(key).await?;
    Ok(Value::Null)
}

/// Marks a key as deleted and removes its history.
pub async fn purge(store: &Store, key: String) -> Outcome {
    store.purge(key).await?;
    Ok(Value::Null)
}

/// Lists the keys that match. The library lists all keys only, so that they are filtered here.
pub async fn keys(store: &Store, filter: &str) -> Outcome {
    let keys: Vec<String> = store.keys().await?.try_collect().await?;
    Ok(keys.into_iter().filter(|key| matches(filter, key)).collect())
}

/// Reads all entries of a key.
pub async fn history(store: &Store, key: String) -> Outcome {
    let entries: Vec<Entry> = store.history(key).await?.try_collect().await?;
    Ok(entries.into_iter().map(entry_value).collect())
}

/// Watches keys, their last values first.
pub async fn watch(connection: &Connection, store: &Store, keys: &[String], iteration: u64) -> Outcome {
    let entries = match keys {
        [key] => store.watch_with_history(key).await?,
        _ => store.watch_many_with_history(keys).await?,
    };
    connection.report(iteration, entries, entry_value)
}

/// Looks at a bucket.
pub async fn status(store: &Store) -> Outcome {
    Ok(json!({ "bucket": store.status().await?.bucket() }))
}

fn entry_value(entry: Entry) -> Value {
    let operation = match entry.operation {
        Operation::Put => "PUT",
        Operation::Delete => "DEL",
        Operation::Purge => "PURGE",
    };
    json!({
        "key": entry.key,
        "operation": operation,
        "revision": entry.revision,
        "value": base64(&entry.value),
    })
}

/// Whether a key matches a pattern with wildcards.
fn matches(pattern: &str, key: &str) -> bool {
    let mut tokens = key.split('.');
    for wanted in pattern.split('.') {
        match (wanted, tokens.next()) {
            (">", Some(_)) => return true,
            ("*", Some(_)) => {}
            (wanted, Some(token)) if wanted == token => {}
            _ => return false,
        }
    }
    tokens.next().is_none()
}
