//! Streams and their consumers.

use std::time::Duration;

use async_nats::jetstream::consumer::{AckPolicy, FromConsumer, PullConsumer, pull};
use futures::{StreamExt, TryStreamExt};
use serde_json::Value;

use crate::{
    connection::Connection,
    protocol::{Outcome, base64},
};

/// How long the server waits for messages that are not there yet, which is shorter than a request may take.
const WAIT: Duration = Duration::from_secs(4);

/// Reads the first messages of a stream by an ordered consumer.
pub async fn read(connection: &Connection, stream: &str, filter_subjects: Vec<String>, count: usize) -> Outcome {
    let stream = connection.jetstream(None).get_stream(stream).await?;
    let config = pull::OrderedConfig { filter_subjects, ..Default::default() };
    let messages = stream.create_consumer(config).await?.messages().await?;
    let texts: Vec<String> = messages.take(count).map_ok(|message| base64(&message.payload)).try_collect().await?;
    Ok(texts.into())
}

/// Makes a durable pull consumer.
pub async fn create(connection: &Connection, stream: &str, name: String, filter_subject: String) -> Outcome {
    let config = pull::Config {
        durable_name: Some(name),
        filter_subject,
        ack_policy: AckPolicy::Explicit,
        ..Default::default()
    };
    connection.jetstream(None).create_consumer_on_stream(config, stream).await?;
    Ok(Value::Null)
}

/// Fetches messages of a durable consumer and acknowledges each so that the server has taken it.
pub async fn fetch(
    connection: &Connection,
    stream: &str,
    durable: &str,
    count: usize,
    domain: Option<String>,
) -> Outcome {
    let consumer: PullConsumer = connection.jetstream(domain).get_stream(stream).await?.get_consumer(durable).await?;
    let mut messages = consumer.batch().max_messages(count).expires(WAIT).messages().await?;
    let mut texts = Vec::new();
    while let Some(message) = messages.try_next().await? {
        message.double_ack().await?;
        texts.push(base64(&message.payload));
    }
    Ok(texts.into())
}

/// Changes a durable consumer.
pub async fn update(connection: &Connection, stream: &str, name: &str, max_ack_pending: i64) -> Outcome {
    let jetstream = connection.jetstream(None);
    let consumer: PullConsumer = jetstream.get_consumer_from_stream(name, stream).await?;
    let config = pull::Config::try_from_consumer_config(consumer.cached_info().config.clone())?;
    jetstream.update_consumer_on_stream(pull::Config { max_ack_pending, ..config }, stream).await?;
    Ok(Value::Null)
}

/// Deletes a durable consumer.
pub async fn delete(connection: &Connection, stream: &str, name: &str) -> Outcome {
    connection.jetstream(None).delete_consumer_from_stream(name, stream).await?;
    Ok(Value::Null)
}

/// The name of a stream, as the server says it.
pub async fn look_at(connection: &Connection, stream: &str, domain: Option<String>) -> Outcome {
    let mut stream = connection.jetstream(domain).get_stream(stream).await?;
    Ok(stream.info().await?.config.name.clone().into())
}

/// Reads the message that has a sequence, or else the last one of a subject.
pub async fn message(connection: &Connection, stream: &str, sequence: Option<u64>, last: Option<String>) -> Outcome {
    let stream = connection.jetstream(None).get_stream(stream).await?;
    let message = match sequence {
        Some(sequence) => stream.get_raw_message(sequence).await?,
        None => stream.get_last_raw_message_by_subject(&last.unwrap_or_default()).await?,
    };
    Ok(base64(&message.payload).into())
}
