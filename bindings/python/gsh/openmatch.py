"""Open Match's frontend: what players' side calls (open-match v1.8: api/frontend.proto, all nine RPCs)."""

from __future__ import annotations

from os import fspath
from types import TracebackType
from typing import cast

from gsh import _aio, _core
from gsh._types import AcknowledgedBackfill, Assignment, Backfill, Retry, SearchFields, Ticket, Tls

__all__ = [
    "AcknowledgedBackfill", "Assignment", "AssignmentWatch", "Backfill", "Frontend", "SearchFields", "Ticket",
]

AssignmentWatch = _core.AssignmentWatch


class Frontend:
    """A client of the frontend at ``endpoint`` ("host:port").

    Connects lazily: an unreachable server shows at the first call. May be used from several threads and event loops at
    once. Each call runs without the GIL; ctrl-C, or cancelling the task that awaits it, cancels it. ``create_ticket``
    and ``create_backfill`` are repeated only when the first call surely did not happen; every other call is idempotent
    and is retried.

    ``timeout`` of a call is in seconds and covers its retries; None means the client's (0 there: no limit), infinity
    no limit. Bounds on what is sent (0: none) are checked before anything is sent. Options that cannot be used raise
    :class:`gsh.InvalidArgument`; calls raise the :class:`gsh.Error` of their status.
    """

    def __init__(
        self,
        endpoint: str,
        *,
        tls: Tls = Tls(),
        retry: Retry = Retry(),
        timeout: float = 10.0,
        max_message_bytes: int = 64 << 20,
        max_tags: int = 256,
        max_args: int = 256,
        max_extension_bytes: int = 1 << 20,
    ) -> None:
        self._endpoint = endpoint
        self._core = _core.Frontend(
            endpoint,
            _core.Tls(fspath(tls.ca_file), fspath(tls.cert_file), fspath(tls.key_file), tls.server_name, tls.insecure),
            _core.Retry(retry.max_attempts, retry.initial_backoff, retry.max_backoff, retry.budget,
                        retry.budget_refill),
            timeout, max_message_bytes, max_tags, max_args, max_extension_bytes)

    def __repr__(self) -> str:
        return f"gsh.openmatch.Frontend({self._endpoint!r})"

    def close(self) -> None:
        """Ends every call that is in flight with :class:`gsh.Cancelled`; later ones raise FailedPrecondition."""
        self._core.close()

    def __enter__(self) -> Frontend:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None,
                 ) -> None:
        self.close()

    # Tickets.

    def create_ticket(self, ticket: Ticket, *, timeout: float | None = None) -> Ticket:
        """Returns the ticket with its id and creation time.

        InvalidArgument, before anything is sent, for NaN, and for negative or infinite latencies (double args named
        ``latency-*``).
        """
        return self._core.create_ticket(ticket, timeout)

    async def create_ticket_async(self, ticket: Ticket, *, timeout: float | None = None) -> Ticket:
        return cast(Ticket, await _aio.call(lambda *to: self._core.begin_create_ticket(ticket, timeout, *to)))

    def delete_ticket(self, ticket_id: str, *, timeout: float | None = None) -> None:
        """Does nothing for an unknown id."""
        self._core.delete_ticket(ticket_id, timeout)

    async def delete_ticket_async(self, ticket_id: str, *, timeout: float | None = None) -> None:
        await _aio.call(lambda *to: self._core.begin_delete_ticket(ticket_id, timeout, *to))

    def get_ticket(self, ticket_id: str, *, timeout: float | None = None) -> Ticket:
        """NotFound for an unknown id."""
        return self._core.get_ticket(ticket_id, timeout)

    async def get_ticket_async(self, ticket_id: str, *, timeout: float | None = None) -> Ticket:
        return cast(Ticket, await _aio.call(lambda *to: self._core.begin_get_ticket(ticket_id, timeout, *to)))

    # Assignments. These wait without limit unless ``timeout`` says so.

    def watch_assignments(self, ticket_id: str, *, timeout: float | None = None) -> AssignmentWatch:
        """Iterates over the ticket's assignments as they come, each once, reconnecting when the stream breaks.

        NotFound when the ticket is gone. Close the iterator, or use it as a context manager, to stop watching. A
        reader that falls behind by more than 1,000 misses the oldest.
        """
        return self._core.watch_assignments(ticket_id, timeout)

    def wait_for_assignment(self, ticket_id: str, *, timeout: float | None = None) -> Assignment:
        """The ticket's first assignment that has a connection. NotFound when the ticket is gone."""
        return self._core.wait_for_assignment(ticket_id, timeout)

    async def wait_for_assignment_async(self, ticket_id: str, *, timeout: float | None = None) -> Assignment:
        return cast(Assignment, await _aio.call(
            lambda *to: self._core.begin_wait_for_assignment(ticket_id, timeout, *to)))

    # Backfills.

    def create_backfill(self, backfill: Backfill, *, timeout: float | None = None) -> Backfill:
        """Returns the backfill with its id and creation time."""
        return self._core.create_backfill(backfill, timeout)

    async def create_backfill_async(self, backfill: Backfill, *, timeout: float | None = None) -> Backfill:
        return cast(Backfill, await _aio.call(lambda *to: self._core.begin_create_backfill(backfill, timeout, *to)))

    def delete_backfill(self, backfill_id: str, *, timeout: float | None = None) -> None:
        self._core.delete_backfill(backfill_id, timeout)

    async def delete_backfill_async(self, backfill_id: str, *, timeout: float | None = None) -> None:
        await _aio.call(lambda *to: self._core.begin_delete_backfill(backfill_id, timeout, *to))

    def get_backfill(self, backfill_id: str, *, timeout: float | None = None) -> Backfill:
        return self._core.get_backfill(backfill_id, timeout)

    async def get_backfill_async(self, backfill_id: str, *, timeout: float | None = None) -> Backfill:
        return cast(Backfill, await _aio.call(lambda *to: self._core.begin_get_backfill(backfill_id, timeout, *to)))

    def update_backfill(self, backfill: Backfill, *, timeout: float | None = None) -> Backfill:
        return self._core.update_backfill(backfill, timeout)

    async def update_backfill_async(self, backfill: Backfill, *, timeout: float | None = None) -> Backfill:
        return cast(Backfill, await _aio.call(lambda *to: self._core.begin_update_backfill(backfill, timeout, *to)))

    def acknowledge_backfill(
        self, backfill_id: str, assignment: Assignment, *, timeout: float | None = None,
    ) -> AcknowledgedBackfill:
        """Must be called again before 80 % of the server's pendingReleaseTimeout (48 s by default) has passed."""
        return self._core.acknowledge_backfill(backfill_id, assignment, timeout)

    async def acknowledge_backfill_async(
        self, backfill_id: str, assignment: Assignment, *, timeout: float | None = None,
    ) -> AcknowledgedBackfill:
        return cast(AcknowledgedBackfill, await _aio.call(
            lambda *to: self._core.begin_acknowledge_backfill(backfill_id, assignment, timeout, *to)))
