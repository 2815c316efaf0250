"""Object stores; the argument `store` is the name of one."""

from __future__ import annotations

from typing import List, Optional

from nats.js.api import ObjectInfo
from nats.js.errors import NotFoundError, ObjectNotFoundError

from connection import Connection, bytes_of, text_of


def sent(info: ObjectInfo) -> dict:
    """Makes JSON of what a store knows of an object."""
    return {"name": info.name, "size": info.size, "digest": info.digest, "deleted": bool(info.deleted)}


async def put(connection: Connection, store: str, name: str, data: str) -> dict:
    """Puts an object."""
    objects = await connection.jetstream().object_store(store)
    return sent(await objects.put(name, bytes_of(data)))


async def get(connection: Connection, store: str, name: str) -> Optional[str]:
    """Gives the data of an object."""
    objects = await connection.jetstream().object_store(store)
    try:
        return text_of((await objects.get(name)).data)
    except ObjectNotFoundError:
        return None


async def info(connection: Connection, store: str, name: str) -> Optional[dict]:
    """Gives what the store knows of an object."""
    objects = await connection.jetstream().object_store(store)
    try:
        return sent(await objects.get_info(name, show_deleted=True))
    except ObjectNotFoundError:
        return None


async def list_all(connection: Connection, store: str) -> List[dict]:
    """Lists the objects; nats-py has an error for an empty store."""
    objects = await connection.jetstream().object_store(store)
    try:
        return [sent(each) for each in await objects.list()]
    except NotFoundError:
        return []


async def watch(connection: Connection, store: str, iteration: int) -> None:
    """Reports the objects and all their changes."""
    objects = await connection.jetstream().object_store(store)
    connection.watch(iteration, await objects.watch(), sent)


async def delete(connection: Connection, store: str, name: str) -> None:
    """Deletes an object."""
    objects = await connection.jetstream().object_store(store)
    await objects.delete(name)


async def status(connection: Connection, store: str) -> dict:
    """Gives the name and size of the store from its status."""
    objects = await connection.jetstream().object_store(store)
    found = await objects.status()
    return {"bucket": found.bucket, "size": found.size}


OPERATIONS = {
    "objectPut": put,
    "objectGet": get,
    "objectInfo": info,
    "objectList": list_all,
    "objectWatch": watch,
    "objectDelete": delete,
    "objectStatus": status,
}
