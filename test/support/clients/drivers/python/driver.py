"""Does with nats-py what each line of the standard input says; `README.md` in the folder above has the protocol."""

from __future__ import annotations

import asyncio
import json
import sys

import key_value
import messages
import objects
import streams
from connection import Connection, Unsupported

OPERATIONS = {**messages.OPERATIONS, **key_value.OPERATIONS, **objects.OPERATIONS, **streams.OPERATIONS}

#: How many seconds a request may take.
PATIENCE = 5

#: The longest line in bytes: an object of 8 MB in base64 fits.
LONGEST_LINE = 64 * 1024 * 1024


def write(said: dict) -> None:
    """Writes an answer or an event as one line."""
    sys.stdout.write(json.dumps(said) + "\n")
    sys.stdout.flush()


async def answer(connection: Connection, id: int, op: str, arguments: dict) -> None:
    """Does what one request says and writes what comes of it."""
    try:
        value = await asyncio.wait_for(OPERATIONS[op](connection, **arguments), PATIENCE)
        write({"id": id, "value": value})
    except Unsupported as error:
        write({"id": id, "error": str(error), "unsupported": True})
    except asyncio.TimeoutError as error:
        write({"id": id, "error": str(error) or f"nothing within {PATIENCE} seconds"})
    except Exception as error:
        write({"id": id, "error": str(error) or repr(error)})


async def main() -> None:
    """Handles requests beside one another until the input ends."""
    lines = asyncio.StreamReader(limit=LONGEST_LINE)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    connections: dict[int, Connection] = {}
    running: set[asyncio.Task] = set()
    async for line in lines:
        request = json.loads(line)
        number = request.pop("connection")
        connection = connections.setdefault(number, Connection(number, write))
        task = asyncio.create_task(answer(connection, request.pop("id"), request.pop("op"), request))
        running.add(task)
        task.add_done_callback(running.discard)


asyncio.run(main())
