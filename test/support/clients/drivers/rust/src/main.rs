//! A program that uses async-nats for the tests: it does what each line of its standard input says.

mod connection;
mod key_value;
mod messages;
mod objects;
mod protocol;
mod refusals;
mod streams;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use connection::Connection;
use protocol::{Op, Outcome, Request, Unsupported, answer};
use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt, BufReader, stdin},
    time::timeout,
};

/// How long a request may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// The connections by the numbers that the tests gave them.
#[derive(Default)]
struct Driver {
    connections: Mutex<HashMap<u64, Arc<Connection>>>,
}

impl Driver {
    async fn answer(self: Arc<Self>, Request { id, connection, op }: Request) {
        let outcome = timeout(PATIENCE, self.perform(connection, op))
            .await
            .unwrap_or_else(|_| Err(format!("nothing within {} s", PATIENCE.as_secs()).into()));
        answer(id, outcome);
    }

    async fn perform(&self, number: u64, op: Op) -> Outcome {
        if let Op::Connect { url, user, password, inbox_prefix } = op {
            let connection = Connection::open(number, &url, user, password, inbox_prefix).await?;
            self.connections.lock().unwrap().insert(number, Arc::new(connection));
            return Ok(Value::Null);
        }
        let found = self.connections.lock().unwrap().get(&number).cloned();
        let connection = found.ok_or("there is no such connection")?;
        perform(&connection, op).await
    }
}

/// Does something with a connection.
async fn perform(connection: &Connection, op: Op) -> Outcome {
    match op {
        Op::Connect { .. } => unreachable!("a connection is made by the driver"),
        Op::Publish { subject, data, reply, headers } => {
            messages::publish(connection, subject, data, reply, headers).await
        }
        Op::Request { subject, data, headers } => messages::request(connection, subject, data, headers).await,
        Op::Subscribe { subject, queue, subscription } => {
            messages::subscribe(connection, subject, queue, subscription).await
        }
        Op::Flush {} => messages::flush(connection).await,
        Op::Store { subject, data, headers } => messages::store(connection, subject, data, headers).await,
        Op::KvGet { at, key, revision } => key_value::get(&connection.bucket(at).await?, key, revision).await,
        Op::KvPut { at, key, value } => key_value::put(&connection.bucket(at).await?, key, value).await,
        Op::KvCreate { at, key, value } => key_value::create(&connection.bucket(at).await?, key, value).await,
        Op::KvUpdate { at, key, value, revision } => {
            key_value::update(&connection.bucket(at).await?, key, value, revision).await
        }
        Op::KvDelete { at, key } => key_value::delete(&connection.bucket(at).await?, key).await,
        Op::KvPurge { at, key } => key_value::purge(&connection.bucket(at).await?, key).await,
        Op::KvKeys { at, filter } => key_value::keys(&connection.bucket(at).await?, &filter).await,
        Op::KvHistory { at, key } => key_value::history(&connection.bucket(at).await?, key).await,
        Op::KvWatch { at, keys, iteration } => {
            key_value::watch(connection, &connection.bucket(at).await?, &keys, iteration).await
        }
        Op::KvPurgeDeletes {} => Err(Unsupported("async-nats does not remove the markers of deleted keys").into()),
        Op::KvStatus { at } => key_value::status(&connection.bucket(at).await?).await,
        Op::ObjectPut { store, name, data } => objects::put(&connection.objects(&store).await?, &name, data).await,
        Op::ObjectGet { store, name } => objects::get(&connection.objects(&store).await?, &name).await,
        Op::ObjectInfo { store, name } => objects::info(&connection.objects(&store).await?, &name).await,
        Op::ObjectList { store } => objects::list(&connection.objects(&store).await?).await,
        Op::ObjectWatch { store, iteration } => {
            objects::watch(connection, &connection.objects(&store).await?, iteration).await
        }
        Op::ObjectDelete { store, name } => objects::delete(&connection.objects(&store).await?, &name).await,
        Op::ObjectStatus {} => Err(Unsupported("async-nats has no status of an object store").into()),
        Op::ReadInOrder { stream, filters, count } => streams::read(connection, &stream, filters, count).await,
        Op::ReadBySubject {} => Err(Unsupported("async-nats reads no subject without its stream").into()),
        Op::CreateDurable { stream, name, filter } => streams::create(connection, &stream, name, filter).await,
        Op::Fetch { stream, durable, count, domain } => {
            streams::fetch(connection, &stream, &durable, count, domain).await
        }
        Op::UpdateDurable { stream, name, max_ack_pending } => {
            streams::update(connection, &stream, &name, max_ack_pending).await
        }
        Op::DeleteDurable { stream, name } => streams::delete(connection, &stream, &name).await,
        Op::LookAt { stream, domain } => streams::look_at(connection, &stream, domain).await,
        Op::Message { stream, sequence, last } => streams::message(connection, &stream, sequence, last).await,
        Op::Stop { iteration } => connection.stop(iteration),
        Op::Close {} => connection.close().await,
    }
}

/// Does what each line says; the publishes of a connection stay in order because the next line waits for them.
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), async_nats::Error> {
    let driver = Arc::new(Driver::default());
    let mut lines = BufReader::new(stdin()).lines();
    while let Some(line) = lines.next_line().await? {
        let request: Request = serde_json::from_str(&line)?;
        let is_publish = matches!(request.op, Op::Publish { .. });
        let answered = driver.clone().answer(request);
        if is_publish {
            answered.await;
        } else {
            tokio::spawn(answered);
        }
    }
    Ok(())
}
