"""Streams and their consumers."""

from __future__ import annotations

from typing import List, Optional

from nats.js import JetStreamContext
from nats.js.api import ConsumerConfig

from connection import Connection, text_of


async def first(subscription: JetStreamContext.PushSubscription, count: int) -> List[str]:
    """Gives the data of the first messages of a subscription and ends it."""
    try:
        return [text_of((await subscription.next_msg(timeout=5)).data) for _ in range(count)]
    finally:
        await subscription.unsubscribe()


async def read_in_order(connection: Connection, stream: str, filters: List[str], count: int) -> List[str]:
    """Reads a stream by an ordered consumer."""
    several = ConsumerConfig(filter_subjects=filters) if len(filters) > 1 else None
    subscription = await connection.jetstream().subscribe(
        filters[0], stream=stream, config=several, ordered_consumer=True
    )
    return await first(subscription, count)


async def read_by_subject(connection: Connection, subject: str, count: int) -> List[str]:
    """Reads a subject by an ordered consumer, in the stream that nats-py finds for it."""
    return await first(await connection.jetstream().subscribe(subject, ordered_consumer=True), count)


async def create_durable(connection: Connection, stream: str, name: str, filter: str) -> None:
    """Makes a durable pull consumer, which by default has explicit acknowledgement."""
    subscription = await connection.jetstream().pull_subscribe(filter, durable=name, stream=stream)
    await subscription.unsubscribe()


async def fetch(
    connection: Connection, stream: str, durable: str, count: int, domain: Optional[str] = None
) -> List[str]:
    """Fetches messages of a durable consumer and acknowledges each."""
    subscription = await connection.jetstream(domain).pull_subscribe("", durable=durable, stream=stream)
    try:
        messages = await subscription.fetch(count)
        for message in messages:
            await message.ack_sync()
        return [text_of(message.data) for message in messages]
    finally:
        await subscription.unsubscribe()


async def update_durable(connection: Connection, stream: str, name: str, maxAckPending: int) -> None:
    """Changes how many messages may wait for acknowledgement."""
    jetstream = connection.jetstream()
    existing = await jetstream.consumer_info(stream, name)
    await jetstream.add_consumer(stream, existing.config, max_ack_pending=maxAckPending)


async def delete_durable(connection: Connection, stream: str, name: str) -> None:
    """Deletes a consumer."""
    await connection.jetstream().delete_consumer(stream, name)


async def look_at(connection: Connection, stream: str, domain: Optional[str] = None) -> str:
    """Gives the name that the information about a stream has."""
    return (await connection.jetstream(domain).stream_info(stream)).config.name


async def message(
    connection: Connection, stream: str, sequence: Optional[int] = None, last: Optional[str] = None
) -> str:
    """Gives the data of one message."""
    jetstream = connection.jetstream()
    if last is not None:
        return text_of((await jetstream.get_last_msg(stream, last)).data)
    return text_of((await jetstream.get_msg(stream, seq=sequence)).data)


OPERATIONS = {
    "readInOrder": read_in_order,
    "readBySubject": read_by_subject,
    "createDurable": create_durable,
    "fetch": fetch,
    "updateDurable": update_durable,
    "deleteDurable": delete_durable,
    "lookAt": look_at,
    "message": message,
}
