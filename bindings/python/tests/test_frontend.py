from __future__ import annotations

import datetime
import os
import signal
import threading
import time
from dataclasses import replace

import pytest
from conftest import Sandbox, SilentServer, player

import gsh
from gsh.openmatch import Assignment, Backfill, Frontend, SearchFields, Ticket

FIELDS = SearchFields({"level": 7.5}, {"mode": "duel"}, ["a", "b"])
EXTENSIONS = {"note": gsh.any_string("ü\0x"), "weight": gsh.any_double(0.5)}


def test_a_tickets_life(frontend: Frontend) -> None:
    before = datetime.datetime.now(datetime.timezone.utc)
    created = frontend.create_ticket(
        Ticket(search_fields=FIELDS, extensions=EXTENSIONS, persistent_field={"p": gsh.Any("t/x", b"\x00\xff")}))
    assert created.id
    assert created.create_time is not None
    assert abs(created.create_time - before) < datetime.timedelta(minutes=1)
    assert created == Ticket(created.id, None, FIELDS, EXTENSIONS, {"p": gsh.Any("t/x", b"\x00\xff")}, created.create_time)
    assert gsh.string_of(created.extensions["note"]) == "ü\0x"
    assert gsh.double_of(created.extensions["weight"]) == 0.5
    assert gsh.double_of(created.extensions["note"]) is None
    assert frontend.get_ticket(created.id) == created
    frontend.delete_ticket(created.id)
    with pytest.raises(gsh.NotFound) as caught:
        frontend.get_ticket(created.id)
    assert caught.value.service == "openmatch.FrontendService"
    assert caught.value.operation == "GetTicket"
    assert caught.value.attempts == 1
    assert caught.value.elapsed > 0
    assert caught.value.retry_stop is gsh.RetryStop.PERMANENT


def test_a_backfills_life(frontend: Frontend) -> None:
    created = frontend.create_backfill(Backfill(search_fields=FIELDS, extensions=EXTENSIONS))
    assert created.id
    assert frontend.get_backfill(created.id) == created
    updated = frontend.update_backfill(replace(created, search_fields=SearchFields(tags=["c"])))
    assert updated.search_fields.tags == ["c"]
    assert updated.generation > created.generation
    acknowledged = frontend.acknowledge_backfill(created.id, Assignment("127.0.0.1:7000"))
    assert acknowledged.backfill.id == created.id
    assert acknowledged.tickets == []
    frontend.delete_backfill(created.id)
    with pytest.raises(gsh.NotFound):
        frontend.get_backfill(created.id)


def test_players_are_assigned(matchmaking: Sandbox) -> None:
    with matchmaking.client() as frontend:
        tickets = [frontend.create_ticket(player(10 + i)) for i in range(4)]
        with frontend.watch_assignments(tickets[0].id) as watch:
            first = next(watch)
        assigned = [frontend.wait_for_assignment(ticket.id, timeout=30) for ticket in tickets]
        assert {assignment.connection for assignment in assigned} == {first.connection}
        assert first.connection.startswith("127.0.0.1:")
        assert gsh.string_of(first.extensions["gsh.region"]) == "us-east-1"
        assert frontend.get_ticket(tickets[3].id).assignment == assigned[3]


def test_a_closed_watch_ends(frontend: Frontend) -> None:
    ticket = frontend.create_ticket(Ticket())
    watch = frontend.watch_assignments(ticket.id)
    watch.close()
    assert list(watch) == []
    frontend.delete_ticket(ticket.id)


def test_a_watch_of_nothing_fails(frontend: Frontend) -> None:
    with pytest.raises(gsh.NotFound):
        next(frontend.watch_assignments("nobody", timeout=30))
    with pytest.raises(gsh.NotFound):
        frontend.wait_for_assignment("nobody", timeout=30)


def test_waiting_has_a_limit(frontend: Frontend) -> None:
    ticket = frontend.create_ticket(Ticket())
    with pytest.raises(gsh.DeadlineExceeded):
        frontend.wait_for_assignment(ticket.id, timeout=0.2)
    with pytest.raises(TimeoutError):
        next(frontend.watch_assignments(ticket.id, timeout=0.2))
    frontend.delete_ticket(ticket.id)


@pytest.mark.parametrize(("ticket", "words"), [
    (Ticket(search_fields=SearchFields(double_args={"latency-x": float("nan")})), ["latency-x", "NaN"]),
    (Ticket(search_fields=SearchFields(double_args={"latency-x": -1})), ["latency-x", "-1"]),
    (Ticket(search_fields=SearchFields(tags=["t"] * 300)), ["tags", "300", "256"]),
    (Ticket(extensions={"big": gsh.any_string("x" * 2_000_000)}), ["extensions", "1048576"]),
])
def test_tickets_out_of_bounds_are_not_sent(silent: SilentServer, ticket: Ticket, words: list[str]) -> None:
    with silent.client() as frontend, pytest.raises(gsh.InvalidArgument) as caught:
        frontend.create_ticket(ticket)
    for word in words:
        assert word in str(caught.value)
    assert not silent.connected.is_set()


@pytest.mark.parametrize(("ticket", "words"), [
    ("a ticket", ["ticket", "Ticket", "str"]),
    (Ticket(id=7), ["ticket.id", "str", "int"]),  # type: ignore[arg-type]
    (Ticket(assignment="h:1"), ["ticket.assignment", "Assignment"]),  # type: ignore[arg-type]
    (Ticket(search_fields=SearchFields(double_args={"x": "1"})),  # type: ignore[dict-item]
     ["ticket.search_fields.double_args.x", "float", "str"]),
    (Ticket(search_fields=SearchFields(double_args={1: 1})), ["double_args", "str", "int"]),  # type: ignore[dict-item]
    (Ticket(search_fields=SearchFields(tags="abc")), ["ticket.search_fields.tags", "sequence of str"]),
    (Ticket(extensions={"e": b"x"}), ["ticket.extensions.e", "Any", "bytes"]),  # type: ignore[dict-item]
    (Ticket(extensions={"e": gsh.Any("t", "x")}), ["ticket.extensions.e.value", "bytes"]),  # type: ignore[arg-type]
    (Ticket(create_time=datetime.datetime(2026, 1, 1)), ["ticket.create_time", "time zone"]),
])
def test_wrong_types_are_named(silent: SilentServer, ticket: Ticket, words: list[str]) -> None:
    with silent.client() as frontend, pytest.raises(TypeError) as caught:
        frontend.create_ticket(ticket)
    for word in words:
        assert word in str(caught.value)


def test_bad_options_are_all_named() -> None:
    with pytest.raises(gsh.InvalidArgument) as caught:
        Frontend("nowhere", retry=gsh.Retry(max_attempts=0), tls=gsh.Tls(cert_file="/no/such.crt"))
    for word in ("endpoint", "max_attempts", "key_file"):
        assert word in str(caught.value)
    with pytest.raises(gsh.InvalidArgument, match="timeout"):
        Frontend("h:1", timeout=float("nan"))
    with Frontend("h:1", tls=gsh.Tls(insecure=True)) as frontend, pytest.raises(gsh.InvalidArgument, match="timeout"):
        frontend.get_ticket("x", timeout=-1)


def test_nobody_there() -> None:
    with Frontend("127.0.0.1:1", tls=gsh.Tls(insecure=True), retry=gsh.Retry(max_attempts=2, initial_backoff=0.001)
                  ) as frontend, pytest.raises(gsh.Unavailable) as caught:
        frontend.get_ticket("x")
    assert caught.value.attempts == 2
    assert caught.value.retry_stop is gsh.RetryStop.EXHAUSTED
    assert caught.value.peer == "127.0.0.1:1"


def test_the_servers_certificate_is_checked(sandbox: Sandbox) -> None:
    with Frontend(sandbox.frontend, tls=gsh.Tls(ca_file=sandbox.tls.ca_file, server_name="other.example"),
                  retry=gsh.Retry(max_attempts=1)) as frontend, pytest.raises(gsh.Unavailable):
        frontend.get_ticket("x")


def test_closing_ends_calls_in_flight(silent: SilentServer) -> None:
    frontend = silent.client()
    errors: list[BaseException] = []

    def call() -> None:
        try:
            frontend.get_ticket("x")
        except gsh.Error as error:
            errors.append(error)

    threads = [threading.Thread(target=call) for _ in range(4)]
    for thread in threads:
        thread.start()
    assert silent.connected.wait(30)
    frontend.close()
    for thread in threads:
        thread.join(30)
    # Those that had not begun yet found the client closed.
    assert {type(error) for error in errors} <= {gsh.Cancelled, gsh.FailedPrecondition}
    assert gsh.Cancelled in map(type, errors)
    assert len(errors) == 4
    frontend.close()  # twice does no harm
    with pytest.raises(gsh.FailedPrecondition, match="closed"):
        frontend.get_ticket("x")


@pytest.mark.parametrize("call", [
    lambda frontend: frontend.get_ticket("x"),
    lambda frontend: frontend.wait_for_assignment("x"),
    lambda frontend: next(frontend.watch_assignments("x")),
], ids=["unary", "wait", "watch"])
def test_ctrl_c_interrupts_a_call(call: object) -> None:
    # Python leaves it ignored if it was so at the start, as of jobs in a shell's background.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    sent_at: list[float] = []

    def interrupt() -> None:  # the call is in flight
        sent_at.append(time.monotonic())
        os.kill(os.getpid(), signal.SIGINT)

    server = SilentServer(interrupt)
    try:
        with server.client() as frontend, pytest.raises(KeyboardInterrupt):
            call(frontend)  # type: ignore[operator]
        # 50 ms are meant; the rest is for machines with other things to do.
        assert time.monotonic() - sent_at[0] < 1
    finally:
        server.close()
        signal.signal(signal.SIGINT, before)


def test_other_threads_run_during_a_call(silent: SilentServer) -> None:
    with silent.client() as frontend:
        def call() -> None:
            with pytest.raises(gsh.Cancelled):
                frontend.get_ticket("x")

        thread = threading.Thread(target=call)
        thread.start()
        assert silent.connected.wait(30)  # with the GIL held by the call nobody would get here
        frontend.close()
        thread.join(30)
        assert not thread.is_alive()
