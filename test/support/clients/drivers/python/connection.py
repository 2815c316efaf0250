"""A connection of nats-py and what it reports by itself."""

from __future__ import annotations

import asyncio
import base64
import re
from typing import Any, AsyncIterator, Callable, Optional

import nats
from nats.aio.client import Client
from nats.js import JetStreamContext

#: What nats-py makes of a refusal by the server; it changes all of it to lower case, the subject too.
REFUSAL = re.compile(r'permissions violation for (publish|subscription) to "([^"]+)"')


class Unsupported(Exception):
    """Something that nats-py has no function for."""


def text_of(data: Optional[bytes]) -> str:
    """Encodes data for a JSON string."""
    return base64.b64encode(data or b"").decode()


def bytes_of(text: str) -> bytes:
    """Decodes data of a JSON string."""
    return base64.b64decode(text)


class Connection:
    """A connection under the number that the caller chose."""

    def __init__(self, number: int, write: Callable[[dict], None]) -> None:
        self.nc = Client()
        #: Keeps the order of what is published and flushed.
        self.order = asyncio.Lock()
        self._number = number
        self._write = write
        self._watches: dict[int, tuple[Any, asyncio.Task]] = {}

    async def connect(self, url: str, user: str, password: str, inbox_prefix: Optional[str]) -> None:
        """Connects once: a lost connection stays lost."""
        options = {"inbox_prefix": inbox_prefix.encode()} if inbox_prefix else {}
        self.nc = await nats.connect(
            url, user=user, password=password, allow_reconnect=False, error_cb=self._hear, **options
        )

    def jetstream(self, domain: Optional[str] = None) -> JetStreamContext:
        """Gives the JetStream of the connection's account or of a domain."""
        return self.nc.jetstream(domain=domain)

    def report(self, event: str, **details: Any) -> None:
        """Tells the caller what happened."""
        self._write({"event": event, "connection": self._number, **details})

    def watch(self, iteration: int, watcher: AsyncIterator, item_of: Callable[[Any], dict]) -> None:
        """Reports each item of a watcher until the watch is stopped."""

        async def report_items() -> None:
            async for item in watcher:
                if item is not None:
                    self.report("item", iteration=iteration, item=item_of(item))

        self._watches[iteration] = (watcher, asyncio.create_task(report_items()))

    async def stop(self, iteration: int) -> None:
        """Ends a watch."""
        watcher, task = self._watches.pop(iteration)
        task.cancel()
        await watcher.stop()

    async def _hear(self, error: Exception) -> None:
        refusal = REFUSAL.search(str(error))
        if refusal:
            self.report("refusal", operation=refusal[1], subject=refusal[2])
