//! Messages without and with acknowledgement by a stream.

use async_nats::{HeaderMap, Message};
use futures::StreamExt;
use serde_json::{Value, json};

use crate::{
    connection::Connection,
    protocol::{Data, Headers, Outcome, base64, write},
};

/// Publishes a message.
pub async fn publish(
    Connection { client, .. }: &Connection,
    subject: String,
    Data(data): Data,
    reply: Option<String>,
    headers: Option<Headers>,
) -> Outcome {
    let data = data.into();
    match (reply, headers.map(header_map)) {
        (None, None) => client.publish(subject, data).await?,
        (None, Some(headers)) => client.publish_with_headers(subject, headers, data).await?,
        (Some(reply), None) => client.publish_with_reply(subject, reply, data).await?,
        (Some(reply), Some(headers)) => client.publish_with_reply_and_headers(subject, reply, headers, data).await?,
    }
    Ok(Value::Null)
}

/// Publishes a request and waits for the reply.
pub async fn request(
    Connection { client, .. }: &Connection,
    subject: String,
    Data(data): Data,
    headers: Option<Headers>,
) -> Outcome {
    let reply = match headers.map(header_map) {
        Some(headers) => client.request_with_headers(subject, headers, data.into()).await?,
        None => client.request(subject, data.into()).await?,
    };
    Ok(message_value(&reply))
}

/// Subscribes and reports each message.
pub async fn subscribe(
    Connection { client, number, .. }: &Connection,
    subject: String,
    queue: Option<String>,
    subscription: u64,
) -> Outcome {
    let mut subscriber = match queue {
        Some(queue) => client.queue_subscribe(subject, queue).await?,
        None => client.subscribe(subject).await?,
    };
    let connection = *number;
    tokio::spawn(async move {
        while let Some(message) = subscriber.next().await {
            write(&json!({
                "event": "message",
                "connection": connection,
                "subscription": subscription,
                "message": message_value(&message),
            }));
        }
    });
    Ok(Value::Null)
}

/// Waits until the server has handled everything before. The library's `flush` waits until everything is sent only, so
/// that a message of the connection to itself follows: it arrives or is refused.
pub async fn flush(Connection { client, refusals, .. }: &Connection) -> Outcome {
    let inbox = client.new_inbox();
    let refused = refusals.of(&inbox);
    let mut arrivals = client.subscribe(inbox.clone()).await?;
    client.publish(inbox.clone(), "".into()).await?;
    tokio::select! {
        _ = arrivals.next() => {}
        _ = refused => {}
    }
    refusals.forget(&inbox);
    Ok(Value::Null)
}

/// Publishes to a stream and waits for the acknowledgement.
pub async fn store(connection: &Connection, subject: String, Data(data): Data, headers: Option<Headers>) -> Outcome {
    let jetstream = connection.jetstream(None);
    let published = match headers.map(header_map) {
        Some(headers) => jetstream.publish_with_headers(subject, headers, data.into()).await?,
        None => jetstream.publish(subject, data.into()).await?,
    };
    let acknowledgement = published.await?;
    Ok(json!({ "stream": acknowledgement.stream, "seq": acknowledgement.sequence }))
}

fn header_map(headers: Headers) -> HeaderMap {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        map.insert(name, value);
    }
    map
}

/// A message as the tests read it; what it does not have is left out.
fn message_value(message: &Message) -> Value {
    let mut value = json!({ "subject": message.subject.as_str(), "data": base64(&message.payload) });
    if let Some(reply) = &message.reply {
        value["reply"] = reply.as_str().into();
    }
    if let Some(status) = message.status {
        value["code"] = status.as_u16().into();
    }
    for (name, values) in message.headers.iter().flat_map(HeaderMap::iter) {
        value["headers"][name.to_string()] = values.first().map(ToString::to_string).into();
    }
    value
}
