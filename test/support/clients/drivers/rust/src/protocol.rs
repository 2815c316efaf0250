//! The requests that the tests write to the standard input, and what they read from the standard output.

use std::collections::HashMap;

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, Deserializer, de::Error};
use serde_json::{Value, json};

/// The headers of a message by name.
pub type Headers = HashMap<String, String>;

/// What comes of a request.
pub type Outcome = Result<Value, async_nats::Error>;

/// A line of the standard input.
#[derive(Deserialize)]
pub struct Request {
    pub id: u64,
    pub connection: u64,
    #[serde(flatten)]
    pub op: Op,
}

/// A bucket, which may be in another JetStream domain.
#[derive(Deserialize)]
pub struct Bucket {
    pub bucket: String,
    pub domain: Option<String>,
}

/// What is to be done.
#[derive(Deserialize)]
#[serde(tag = "op", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Op {
    Connect {
        url: String,
        user: String,
        password: String,
        inbox_prefix: Option<String>,
    },
    Publish {
        subject: String,
        data: Data,
        reply: Option<String>,
        headers: Option<Headers>,
    },
    Request {
        subject: String,
        data: Data,
        headers: Option<Headers>,
    },
    Subscribe {
        subject: String,
        queue: Option<String>,
        subscription: u64,
    },
    Flush {},
    Store {
        subject: String,
        data: Data,
        headers: Option<Headers>,
    },
    KvGet {
        #[serde(flatten)]
        at: Bucket,
        key: String,
        revision: Option<u64>,
    },
    KvPut {
        #[serde(flatten)]
        at: Bucket,
        key: String,
        value: Data,
    },
    KvCreate {
        #[serde(flatten)]
        at: Bucket,
        key: String,
        value: Data,
    },
    KvUpdate {
        #[serde(flatten)]
        at: Bucket,
        key: String,
        value: Data,
        revision: u64,
    },
    KvDelete {
        #[serde(flatten)]
        at: Bucket,
        key: String,
    },
    KvPurge {
        #[serde(flatten)]
        at: Bucket,
        key: String,
    },
    KvKeys {
        #[serde(flatten)]
        at: Bucket,
        filter: String,
    },
    KvHistory {
        #[serde(flatten)]
        at: Bucket,
        key: String,
    },
    KvWatch {
        #[serde(flatten)]
        at: Bucket,
        keys: Vec<String>,
        iteration: u64,
    },
    KvPurgeDeletes {},
    KvStatus {
        #[serde(flatten)]
        at: Bucket,
    },
    ObjectPut {
        store: String,
        name: String,
        data: Data,
    },
    ObjectGet {
        store: String,
        name: String,
    },
    ObjectInfo {
        store: String,
        name: String,
    },
    ObjectList {
        store: String,
    },
    ObjectWatch {
        store: String,
        iteration: u64,
    },
    ObjectDelete {
        store: String,
        name: String,
    },
    ObjectStatus {},
    ReadInOrder {
        stream: String,
        filters: Vec<String>,
        count: usize,
    },
    ReadBySubject {},
    CreateDurable {
        stream: String,
        name: String,
        filter: String,
    },
    Fetch {
        stream: String,
        durable: String,
        count: usize,
        domain: Option<String>,
    },
    UpdateDurable {
        stream: String,
        name: String,
        max_ack_pending: i64,
    },
    DeleteDurable {
        stream: String,
        name: String,
    },
    LookAt {
        stream: String,
        domain: Option<String>,
    },
    Message {
        stream: String,
        sequence: Option<u64>,
        last: Option<String>,
    },
    Stop {
        iteration: u64,
    },
    Close {},
}

/// A payload, which is base64 in a request.
pub struct Data(pub Vec<u8>);

impl<'de> Deserialize<'de> for Data {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        STANDARD.decode(text).map(Data).map_err(D::Error::custom)
    }
}

/// A payload as answers have it.
pub fn base64(data: &[u8]) -> String {
    STANDARD.encode(data)
}

/// The error of what the library has no function for.
#[derive(Debug)]
pub struct Unsupported(pub &'static str);

impl std::fmt::Display for Unsupported {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.0)
    }
}

impl std::error::Error for Unsupported {}

/// Writes the answer to a request.
pub fn answer(id: u64, outcome: Outcome) {
    match outcome {
        Ok(value) => write(&json!({ "id": id, "value": value })),
        Err(error) if error.is::<Unsupported>() => {
            write(&json!({ "id": id, "error": error.to_string(), "unsupported": true }))
        }
        Err(error) => write(&json!({ "id": id, "error": error.to_string() })),
    }
}

/// Writes a line to the standard output.
pub fn write(line: &Value) {
    println!("{line}");
}
