"""Key-value buckets."""

from __future__ import annotations

import re
from typing import List, Optional

from nats.js.errors import KeyNotFoundError, NoKeysError
from nats.js.kv import KeyValue

from connection import Connection, Unsupported, bytes_of, text_of

#: An age in seconds with which nats-py purges all markers, however young.
ANY_AGE = -1


def sent(entry: KeyValue.Entry) -> dict:
    """Makes JSON of an entry; nats-py leaves the operation out where a value was put."""
    return {
        "key": entry.key,
        "operation": entry.operation or "PUT",
        "revision": entry.revision,
        "value": text_of(entry.value),
    }


def matches(key: str, pattern: str) -> bool:
    """Tells whether a key matches a pattern with wildcards."""
    expression = re.escape(pattern).replace(r"\*", "[^.]+").replace(">", ".+")
    return re.fullmatch(expression, key) is not None


async def get(
    connection: Connection, bucket: str, key: str, revision: Optional[int] = None, domain: Optional[str] = None
) -> Optional[dict]:
    """Gives the last entry of a key or that of a revision."""
    store = await connection.jetstream(domain).key_value(bucket)
    try:
        return sent(await store.get(key, revision=revision))
    except KeyNotFoundError:
        return None


async def put(connection: Connection, bucket: str, key: str, value: str, domain: Optional[str] = None) -> int:
    """Writes a value."""
    store = await connection.jetstream(domain).key_value(bucket)
    return await store.put(key, bytes_of(value))


async def create(connection: Connection, bucket: str, key: str, value: str, domain: Optional[str] = None) -> int:
    """Writes a value where there is none."""
    store = await connection.jetstream(domain).key_value(bucket)
    return await store.create(key, bytes_of(value))


async def update(
    connection: Connection, bucket: str, key: str, value: str, revision: int, domain: Optional[str] = None
) -> int:
    """Writes a value in place of that of a revision."""
    store = await connection.jetstream(domain).key_value(bucket)
    return await store.update(key, bytes_of(value), last=revision)


async def delete(connection: Connection, bucket: str, key: str, domain: Optional[str] = None) -> None:
    """Deletes a key and keeps its history."""
    store = await connection.jetstream(domain).key_value(bucket)
    await store.delete(key)


async def purge(connection: Connection, bucket: str, key: str, domain: Optional[str] = None) -> None:
    """Deletes a key and its history."""
    store = await connection.jetstream(domain).key_value(bucket)
    await store.purge(key)


async def keys(connection: Connection, bucket: str, filter: str, domain: Optional[str] = None) -> List[str]:
    """Lists the keys that match; nats-py filters by parts of keys, not by patterns."""
    store = await connection.jetstream(domain).key_value(bucket)
    literal = re.split("[*>]", filter)[0]
    try:
        found = await store.keys(filters=[literal] if literal else None)
    except NoKeysError:
        return []
    return [key for key in found if matches(key, filter)]


async def history(connection: Connection, bucket: str, key: str, domain: Optional[str] = None) -> List[dict]:
    """Lists the entries of one key."""
    store = await connection.jetstream(domain).key_value(bucket)
    try:
        return [sent(entry) for entry in await store.history(key)]
    except NoKeysError:
        return []


async def watch(
    connection: Connection, bucket: str, keys: List[str], iteration: int, domain: Optional[str] = None
) -> None:
    """Reports the last entries and all later ones."""
    if len(keys) != 1:
        raise Unsupported("nats-py watches one pattern at a time")
    store = await connection.jetstream(domain).key_value(bucket)
    connection.watch(iteration, await store.watch(keys[0]), sent)


async def purge_deletes(connection: Connection, bucket: str, domain: Optional[str] = None) -> None:
    """Removes the markers of deleted keys."""
    store = await connection.jetstream(domain).key_value(bucket)
    await store.purge_deletes(olderthan=ANY_AGE)


async def status(connection: Connection, bucket: str, domain: Optional[str] = None) -> dict:
    """Gives the name of the bucket from its status."""
    store = await connection.jetstream(domain).key_value(bucket)
    return {"bucket": (await store.status()).bucket}


OPERATIONS = {
    "kvGet": get,
    "kvPut": put,
    "kvCreate": create,
    "kvUpdate": update,
    "kvDelete": delete,
    "kvPurge": purge,
    "kvKeys": keys,
    "kvHistory": history,
    "kvWatch": watch,
    "kvPurgeDeletes": purge_deletes,
    "kvStatus": status,
}
