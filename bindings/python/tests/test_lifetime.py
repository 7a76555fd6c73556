"""Processes that end, in every way, while calls are in flight: no crash, no hang, nothing on stderr."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import pytest
from conftest import SilentServer

PRELUDE = """
import asyncio, atexit, gc, sys, threading
import gsh
from gsh.openmatch import Frontend
frontend = Frontend(sys.argv[1], tls=gsh.Tls(insecure=True), timeout=0)
begin = lambda: frontend.get_ticket_async("x")
"""
CASES = {
    "exit with tasks in flight": """
        async def main():
            tasks = [asyncio.create_task(begin()) for _ in range(50)]
            await asyncio.sleep(0)
            sys.stdout.write("in flight\\n")
            sys.exit(0)
        try:
            asyncio.run(main())
        except SystemExit:
            pass
        """,
    "exit without closing the loop": """
        loop = asyncio.new_event_loop()
        tasks = [loop.create_task(begin()) for _ in range(50)]
        loop.run_until_complete(asyncio.sleep(0))
        for task in tasks: task._log_destroy_pending = False
        print("in flight")
        """,
    "exit with daemon threads that wait": """
        ready = threading.Barrier(9)
        def wait():
            ready.wait()
            try:
                frontend.get_ticket("x")
            except gsh.Error:
                pass
        for _ in range(8): threading.Thread(target=wait, daemon=True).start()
        ready.wait()
        print("in flight")
        """,
    "exit with daemon threads that never stop calling": """
        ready = threading.Barrier(5)
        def call():
            ready.wait()
            while True:
                try:
                    gsh.matcher.match_tickets([[1.0], [2.0]], gsh.matcher.Rules(["a"], match_size=2))
                    frontend.get_ticket("x", timeout=0.001)
                except gsh.Error:
                    pass
        for _ in range(4): threading.Thread(target=call, daemon=True).start()
        ready.wait()
        print("in flight")
        """,
    "a watch, and the client forgotten": """
        watch = frontend.watch_assignments("x")
        del frontend
        gc.collect()
        try:
            next(watch)
        except gsh.Cancelled:
            print("in flight")
        """,
    "calls from another atexit handler": """
        def late():
            try:
                frontend.get_ticket("x", timeout=0.01)
            except gsh.DeadlineExceeded:
                print("in flight")
        atexit.register(late)
        """,
    "calls after the end has begun": """
        class Late:
            def __del__(self, frontend=frontend, closed=gsh.FailedPrecondition, write=sys.stdout.write):
                try:
                    frontend.get_ticket("x")
                except closed:
                    write("in flight\\n")
        _late = Late()
        """,
}


@pytest.mark.parametrize("case", CASES)
def test_a_process_ends_well(case: str, silent: SilentServer) -> None:
    script = PRELUDE + textwrap.dedent(CASES[case])
    done = subprocess.run([sys.executable, "-X", "faulthandler", "-c", script, silent.endpoint], capture_output=True,
                          text=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, "in flight\n", "")
