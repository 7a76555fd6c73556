"""asyncio's side of the compiled module's CompletionQueue."""

from __future__ import annotations

import asyncio
import threading
import weakref
from collections.abc import Callable
from typing import Any

from gsh import _core

Begin = Callable[[_core.CompletionQueue, "asyncio.Future[Any]"], _core.Call]


class _Completions:
    """What has ended for one loop, which it does not keep alive."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = weakref.ref(loop)
        self.queue = _core.CompletionQueue(self._wake)

    def _wake(self) -> None:
        """On a thread of the library."""
        loop = self._loop()
        try:
            if loop is not None:
                loop.call_soon_threadsafe(self._drain)
                return
        except RuntimeError:  # the loop is closed
            pass
        self.queue.drain()  # nobody waits

    def _drain(self) -> None:
        for future, result, error in self.queue.drain():
            if future.done():  # cancelled
                continue
            if error is None:
                future.set_result(result)
            else:
                future.set_exception(error)


_completions: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, _Completions] = weakref.WeakKeyDictionary()
_mutex = threading.Lock()


def _queue_of(loop: asyncio.AbstractEventLoop) -> _core.CompletionQueue:
    with _mutex:
        found = _completions.get(loop)
        if found is None:
            found = _completions[loop] = _Completions(loop)
        return found.queue


async def call(begin: Begin) -> Any:
    """Begins a call and awaits its result. Cancelling the task cancels the call."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[Any] = loop.create_future()
    running = begin(_queue_of(loop), future)
    try:
        return await future
    finally:
        if not future.done() or future.cancelled():
            running.cancel()
