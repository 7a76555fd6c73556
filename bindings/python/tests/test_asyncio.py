from __future__ import annotations

import asyncio
import gc
import threading
import weakref
from typing import Any

import pytest
from conftest import Sandbox, SilentServer, player

import gsh
from gsh import _aio
from gsh.openmatch import Assignment, Backfill, Frontend, SearchFields, Ticket

PATIENCE = 30  # seconds for anything here


def run(main: Any) -> Any:
    return asyncio.run(asyncio.wait_for(main, PATIENCE))


async def until_connected(server: SilentServer) -> None:
    assert await asyncio.to_thread(server.connected.wait, PATIENCE)


def test_many_calls_at_once(frontend: Frontend) -> None:
    async def main() -> None:
        tickets = [Ticket(search_fields=SearchFields(tags=[f"t{i}"])) for i in range(200)]
        created = await asyncio.gather(*(frontend.create_ticket_async(ticket) for ticket in tickets))
        assert len({ticket.id for ticket in created}) == 200
        assert [ticket.search_fields.tags for ticket in created] == [[f"t{i}"] for i in range(200)]
        assert await frontend.get_ticket_async(created[7].id) == created[7]
        await asyncio.gather(*(frontend.delete_ticket_async(ticket.id) for ticket in created))
        with pytest.raises(gsh.NotFound):
            await frontend.get_ticket_async(created[7].id)

    run(main())


def test_assignments_are_awaited(matchmaking: Sandbox) -> None:
    async def play(frontend: Frontend, latency_ms: float) -> str:
        ticket = await frontend.create_ticket_async(player(latency_ms))
        return (await frontend.wait_for_assignment_async(ticket.id)).connection

    async def main() -> None:
        with matchmaking.client() as frontend:
            connections = await asyncio.gather(*(play(frontend, 10 + i) for i in range(4)))
        assert len(set(connections)) == 1
        assert connections[0]

    run(main())


def test_backfills(frontend: Frontend) -> None:
    async def main() -> None:
        created = await frontend.create_backfill_async(Backfill())
        assert await frontend.get_backfill_async(created.id) == created
        updated = await frontend.update_backfill_async(created)
        assert updated.id == created.id
        assert (await frontend.acknowledge_backfill_async(created.id, Assignment("h:1"))).backfill.id == created.id
        await frontend.delete_backfill_async(created.id)

    run(main())


def test_arguments_are_checked_before_anything_is_awaited(frontend: Frontend) -> None:
    with pytest.raises(TypeError, match="ticket: expected Ticket, got int"):
        run(frontend.create_ticket_async(1))  # type: ignore[arg-type]
    with pytest.raises(gsh.InvalidArgument, match="timeout"):
        run(frontend.get_ticket_async("x", timeout=-1))
    with pytest.raises(gsh.InvalidArgument, match="NaN"):
        run(frontend.create_ticket_async(Ticket(search_fields=SearchFields(double_args={"x": float("nan")}))))


def test_cancelling_the_task_cancels_the_call(silent: SilentServer, monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[BaseException | None] = []
    drained = threading.Event()
    drain = _aio._Completions._drain

    class Recorded(_aio._Completions):
        def _drain(self) -> None:
            queue, self.queue = self.queue, Recording(self.queue)  # type: ignore[assignment]
            drain(self)
            self.queue = queue

    class Recording:
        def __init__(self, queue: Any) -> None:
            self.queue = queue

        def drain(self) -> Any:
            found = self.queue.drain()
            ended.extend(error for _, _, error in found)
            drained.set()
            return found

    monkeypatch.setattr(_aio, "_Completions", Recorded)

    async def main() -> None:
        task = asyncio.create_task(frontend.get_ticket_async("x"))
        await until_connected(silent)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await asyncio.to_thread(drained.wait, PATIENCE)  # the call has ended though the client is open

    with silent.client() as frontend:
        run(main())
        assert [type(error) for error in ended] == [gsh.Cancelled]


def test_closing_ends_what_is_awaited(silent: SilentServer) -> None:
    async def main() -> None:
        frontend = silent.client()
        tasks = [asyncio.create_task(frontend.get_ticket_async("x")) for _ in range(10)]
        await until_connected(silent)
        frontend.close()
        for outcome in await asyncio.gather(*tasks, return_exceptions=True):
            assert isinstance(outcome, gsh.Cancelled)
        with pytest.raises(gsh.FailedPrecondition):
            await frontend.get_ticket_async("x")

    run(main())


def test_a_loop_may_be_closed_before_its_calls_end(silent: SilentServer) -> None:
    frontend = silent.client()
    loop = asyncio.new_event_loop()
    task = loop.create_task(frontend.get_ticket_async("x"))
    loop.run_until_complete(until_connected(silent))
    task._log_destroy_pending = False  # type: ignore[attr-defined]  # as is meant here
    loop.close()
    frontend.close()  # the call ends now, and finds nobody
    del task
    # A call through the library's pool and back: what was posted before it has run.
    asyncio.run(one_call_through_the_pool())


async def one_call_through_the_pool() -> None:
    with Frontend("127.0.0.1:1", tls=gsh.Tls(insecure=True), retry=gsh.Retry(max_attempts=1)) as nowhere:
        with pytest.raises(gsh.Unavailable):
            await nowhere.get_ticket_async("x")


def test_one_frontend_serves_loops_in_several_threads(frontend: Frontend) -> None:
    ids: list[str] = []

    def main() -> None:
        async def create() -> str:
            return (await frontend.create_ticket_async(Ticket())).id

        async def create_all() -> list[str]:
            return list(await asyncio.gather(*(create() for _ in range(50))))

        ids.extend(run(create_all()))

    threads = [threading.Thread(target=main) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert len(set(ids)) == 200


def test_loops_and_clients_are_not_kept_alive(frontend: Frontend) -> None:
    async def main() -> weakref.ref[asyncio.AbstractEventLoop]:
        created = await frontend.create_ticket_async(Ticket())
        await frontend.delete_ticket_async(created.id)
        return weakref.ref(asyncio.get_running_loop())

    loop = run(main())
    gc.collect()
    assert loop() is None
