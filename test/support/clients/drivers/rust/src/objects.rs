//! Object stores.

use async_nats::jetstream::object_store::{InfoErrorKind, ObjectInfo, ObjectStore};
use futures::TryStreamExt;
use serde_json::{Value, json};
use tokio::io::AsyncReadExt;

use crate::{
    connection::Connection,
    protocol::{Data, Outcome, base64},
};

/// Writes an object.
pub async fn put(store: &ObjectStore, name: &str, Data(data): Data) -> Outcome {
    Ok(info_value(store.put(name, &mut data.as_slice()).await?))
}

/// Reads an object.
pub async fn get(store: &ObjectStore, name: &str) -> Outcome {
    let mut data = Vec::new();
    store.get(name).await?.read_to_end(&mut data).await?;
    Ok(base64(&data).into())
}

/// Reads what is known of an object.
pub async fn info(store: &ObjectStore, name: &str) -> Outcome {
    match store.info(name).await {
        Ok(info) => Ok(info_value(info)),
        Err(error) if error.kind() == InfoErrorKind::NotFound => Ok(Value::Null),
        Err(error) => Err(error.into()),
    }
}

/// Lists all objects.
pub async fn list(store: &ObjectStore) -> Outcome {
    let infos: Vec<ObjectInfo> = store.list().await?.try_collect().await?;
    Ok(infos.into_iter().map(info_value).collect())
}

/// Watches the store, what is there first.
pub async fn watch(connection: &Connection, store: &ObjectStore, iteration: u64) -> Outcome {
    connection.report(iteration, store.watch_with_history().await?, info_value)
}

/// Deletes an object.
pub async fn delete(store: &ObjectStore, name: &str) -> Outcome {
    store.delete(name).await?;
    Ok(Value::Null)
}

fn info_value(info: ObjectInfo) -> Value {
    json!({ "name": info.name, "size": info.size, "digest": info.digest, "deleted": info.deleted })
}
