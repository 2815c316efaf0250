"""Connecting, and messages without and with acknowledgement by a stream."""

from __future__ import annotations

from typing import Optional

from nats.aio.msg import Msg

from connection import Connection, bytes_of, text_of


def sent(message: Msg) -> dict:
    """Makes JSON of a message."""
    headers = message.headers or {}
    return {
        "subject": message.subject,
        "reply": message.reply or None,
        "data": text_of(message.data),
        "headers": headers,
        "code": int(headers.get("Status", 0)),
    }


async def connect(
    connection: Connection, url: str, user: str, password: str, inboxPrefix: Optional[str] = None
) -> None:
    """Connects to a server."""
    await connection.connect(url, user, password, inboxPrefix)


async def publish(
    connection: Connection, subject: str, data: str, reply: str = "", headers: Optional[dict] = None
) -> None:
    """Publishes a message."""
    async with connection.order:
        await connection.nc.publish(subject, bytes_of(data), reply=reply, headers=headers)


async def request(connection: Connection, subject: str, data: str, headers: Optional[dict] = None) -> dict:
    """Publishes a request and gives the reply."""
    return sent(await connection.nc.request(subject, bytes_of(data), timeout=5, headers=headers))


async def subscribe(connection: Connection, subject: str, subscription: int, queue: str = "") -> None:
    """Reports all messages of a subject from now on."""

    async def report(message: Msg) -> None:
        connection.report("message", subscription=subscription, message=sent(message))

    await connection.nc.subscribe(subject, queue=queue, cb=report)


async def flush(connection: Connection) -> None:
    """Waits until the server has handled everything before."""
    async with connection.order:
        await connection.nc.flush()


async def store(connection: Connection, subject: str, data: str, headers: Optional[dict] = None) -> dict:
    """Publishes to a stream and waits for the acknowledgement."""
    stored = await connection.jetstream().publish(subject, bytes_of(data), headers=headers)
    return {"stream": stored.stream, "seq": stored.seq}


async def stop(connection: Connection, iteration: int) -> None:
    """Ends a watch."""
    await connection.stop(iteration)


async def close(connection: Connection) -> None:
    """Closes the connection."""
    await connection.nc.close()


OPERATIONS = {
    "connect": connect,
    "publish": publish,
    "request": request,
    "subscribe": subscribe,
    "flush": flush,
    "store": store,
    "stop": stop,
    "close": close,
}
