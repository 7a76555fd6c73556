"""A sandbox of Open Match and Agones, with match function and director, for the whole run."""

from __future__ import annotations

import json
import os
import pathlib
import re
import shlex
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator

import pytest

import gsh
from gsh.openmatch import Frontend, SearchFields, Ticket

REGIONS = ("us-east-1", "us-east-2")
ROOT = pathlib.Path(__file__).resolve().parents[3]
BIN = pathlib.Path(os.environ.get("GSH_BIN_DIR", ROOT / "build" / "release" / "bin"))


PATIENCE = 60.0  # seconds, on a busy machine


class Process:
    """A program of ours, with its output in DIR/NAME.log, stopped at the end."""

    def __init__(self, directory: pathlib.Path, command: str) -> None:
        program, *arguments = shlex.split(command)
        self._log = directory / f"{program}.log"
        with self._log.open("w") as log:
            self.popen = subprocess.Popen(
                [BIN / program, *arguments], cwd=directory, stdin=subprocess.DEVNULL, stdout=log,
                stderr=subprocess.STDOUT)

    def wait_for_line(self, pattern: str) -> re.Match[str]:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            ended = self.popen.poll() is not None
            if found := re.search(pattern, self._log.read_text(), re.MULTILINE):
                return found
            assert not ended, f"{self.popen.args!r} ended before it printed {pattern!r}; see {self._log}"
            time.sleep(0.01)
        raise AssertionError(f"{self.popen.args!r} did not print {pattern!r} within {PATIENCE} s; see {self._log}")

    def stop(self) -> None:
        self.popen.terminate()
        self.popen.wait(timeout=30)


class Sandbox:
    def __init__(self, directory: pathlib.Path) -> None:
        self.directory = directory
        self.endpoints = json.loads((directory / "endpoints.json").read_text())
        self.frontend: str = self.endpoints["frontend"]
        tls = directory / "client-tls"
        self.tls = gsh.Tls(ca_file=tls / "publicCA.cert", cert_file=tls / "public.cert", key_file=tls / "private.key")

    def client(self) -> Frontend:
        return Frontend(self.frontend, tls=self.tls)


def split(endpoint: str) -> tuple[str, str]:
    host, port = endpoint.rsplit(":", 1)
    return host, port


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    if not (BIN / "gsh-sandbox").exists():
        pytest.fail(f"{BIN} has no gsh-sandbox: build it, or name its folder in GSH_BIN_DIR")
    directory = tmp_path_factory.mktemp("sandbox")
    process = Process(directory, f"gsh-sandbox --dir {directory} --regions {','.join(REGIONS)} --replicas 8 "
                                 "--registration-window-ms 20 --batch-wait-ms 0")
    try:
        process.wait_for_line("^ready$")
        yield Sandbox(directory)
    finally:
        process.stop()


@pytest.fixture(scope="session")
def matchmaking(sandbox: Sandbox) -> Iterator[Sandbox]:
    """The sandbox, with four players a match assigned as soon as they are there."""
    query, backend = split(sandbox.endpoints["query"]), split(sandbox.endpoints["backend"])
    allocator = split(sandbox.endpoints["allocators"][REGIONS[0]])
    processes = [Process(
        sandbox.directory,
        f"gsh-mmf -queryServiceAddr {query[0]} -queryServicePort {query[1]} -serverPort 0 --bind 127.0.0.1 "
        "--openmatch-tls-dir openmatch-tls")]
    try:
        port = processes[0].wait_for_line(r"initialized for port (\d+)$")[1]
        processes.append(Process(
            sandbox.directory,
            f"gsh-director -backendAddr {backend[0]} -backendPort {backend[1]} -functionAddr 127.0.0.1 "
            f"-functionPort {port} -allocatorAddr {allocator[0]} -allocatorPort {allocator[1]} "
            f"-regions {','.join(REGIONS)} --openmatch-tls-dir openmatch-tls --allocator-tls-dir agones-tls"))
        yield sandbox
    finally:
        for process in processes:
            process.stop()


@pytest.fixture
def frontend(sandbox: Sandbox) -> Iterator[Frontend]:
    with sandbox.client() as client:
        yield client


def player(latency_ms: float) -> Ticket:
    """Somebody whom the director's default profile matches, in the first region."""
    return Ticket(search_fields=SearchFields(
        double_args={f"latency-{region}": latency_ms + 40 * i for i, region in enumerate(REGIONS)},
        tags=["mode.session"]))


class SilentServer:
    """Accepts connections and never says a word, so that calls to it stay in flight."""

    def __init__(self, on_connection: Callable[[], None] = lambda: None) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._connections: list[socket.socket] = []
        self.connected = threading.Event()
        self._on_connection = on_connection
        self.endpoint = f"127.0.0.1:{self._listener.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self._connections.append(connection)
            if not self.connected.is_set():
                self.connected.set()
                self._on_connection()

    def client(self) -> Frontend:
        return Frontend(self.endpoint, tls=gsh.Tls(insecure=True), timeout=0, retry=gsh.Retry(max_attempts=1))

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()
        for connection in self._connections:
            connection.close()


@pytest.fixture
def silent() -> Iterator[SilentServer]:
    server = SilentServer()
    yield server
    server.close()
