"""The clients while the network breaks: toxiproxy between them and the AWS sandbox.

gsh_aws_fault_client calls, with 1 s for an attempt, 3 attempts, and pauses of 0.4 s and 0.8 s. It tells when it is
about to repeat a call, so that the network is mended then, and no test waits for nothing. $GSH_TOXIPROXY is toxiproxy's
server.
"""

import json
import os
import queue
import subprocess
import threading
import time
import urllib.request

import pytest

from aws_sandbox import GROUP, KEY, Sandbox
from probe import BIN_DIR
from processes import clean_environment, free_port, running

pytestmark = pytest.mark.timeout(60)

# Each of these ends what is on the way: nothing arrives, or the answer is lost.
BREAKS = {
    "reset before the request": {"type": "reset_peer", "stream": "upstream"},
    "reset before the answer": {"type": "reset_peer", "stream": "downstream"},
    "request never arrives": {"type": "timeout", "stream": "upstream"},
    "answer never arrives": {"type": "timeout", "stream": "downstream"},
    "answer comes too late": {"type": "latency", "stream": "downstream", "attributes": {"latency": 20_000}},
}
ARRIVES = {"reset before the answer", "answer never arrives", "answer comes too late"}
TIMES_OUT = {"request never arrives", "answer never arrives", "answer comes too late"}


def http(method, url, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"}, method=method)
    with urllib.request.urlopen(request, timeout=10) as answer:
        text = answer.read()
    return json.loads(text) if text else None


class Network:
    """One proxy of toxiproxy."""

    def __init__(self, api, upstream):
        self._api = api
        made = http("POST", f"{api}/proxies", {"name": "aws", "listen": "127.0.0.1:0", "upstream": upstream})
        self.url = f"http://{made['listen']}"

    def poison(self, type, stream="downstream", attributes=None):
        toxic = {"name": f"{type} {stream}", "type": type, "stream": stream, "attributes": attributes or {"timeout": 0}}
        http("POST", f"{self._api}/proxies/aws/toxics", toxic)

    def cut(self):
        http("POST", f"{self._api}/proxies/aws", {"enabled": False})

    def mend(self):
        http("POST", f"{self._api}/reset")

    def close(self):
        http("DELETE", f"{self._api}/proxies/aws")


class Client:
    def __init__(self, environment):
        self._process = subprocess.Popen(
            [BIN_DIR / "gsh_aws_fault_client"],
            env={**clean_environment(), **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._lines = queue.Queue()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self):
        for line in self._process.stdout:
            self._lines.put(json.loads(line))

    def start(self, call, **values):
        self._process.stdin.write(json.dumps({"call": call, **values}) + "\n")
        self._process.stdin.flush()

    def next(self):
        """A retry that is about to come, or the call's end."""
        return self._lines.get(timeout=20)

    def end(self):
        """Of the call, and how many retries there were."""
        retries = 0
        while "retry" in (said := self.next()):
            retries += 1
        return {**said, "retries": retries}

    def call(self, call, **values):
        self.start(call, **values)
        return self.end()

    def close(self):
        self._process.stdin.close()
        try:
            code = self._process.wait(timeout=20)
        finally:
            self._process.kill()
            self._reader.join()
            self._process.stdout.close()
        assert code == 0


@pytest.fixture(scope="module")
def toxiproxy(tmp_path_factory):
    port = free_port()
    program = os.environ.get("GSH_TOXIPROXY", "toxiproxy-server")
    log = tmp_path_factory.mktemp("toxiproxy") / "log"
    with running([program, "-host", "127.0.0.1", "-port", str(port)], port, log) as url:
        yield url


@pytest.fixture
def sandbox(home):
    """With two free servers, and a queue."""
    made = Sandbox()
    fleet = made.client("gamelift")
    fleet.create_game_server_group(GameServerGroupName="group", **GROUP)
    instance = fleet.describe_game_server_instances(GameServerGroupName="group")["GameServerInstances"][0]
    for server in ("server-1", "server-2"):
        fleet.register_game_server(
            GameServerGroupName="group",
            GameServerId=server,
            InstanceId=instance["InstanceId"],
            GameServerData="d" * 1024,
        )
    made.queue = made.client("sqs").create_queue(QueueName="queue")["QueueUrl"]
    arrived(made)
    yield made
    made.close()


def arrived(sandbox):
    """What the sandbox was asked since the last time."""
    return http("GET", f"{sandbox.endpoints['services']}/_sandbox/requests")


@pytest.fixture
def network(toxiproxy, sandbox):
    made = Network(toxiproxy, sandbox.endpoints["services"].removeprefix("http://"))
    yield made
    made.close()


@pytest.fixture
def client(network, sandbox):
    made = Client(
        {
            "HOME": "/nonexistent",
            "AWS_ENDPOINT_URL": network.url,
            "AWS_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": KEY["aws_access_key_id"],
            "AWS_SECRET_ACCESS_KEY": KEY["aws_secret_access_key"],
            "GSH_QUEUE": sandbox.queue,
        }
    )
    yield made
    made.close()


# "kept": the connection was made, and used, before it breaks.
@pytest.fixture(params=[False, True], ids=["new", "kept"])
def kept(request, client, sandbox):
    if request.param:
        for call in ("describe", "receive"):
            assert client.call(call)["code"] == "OK"
        arrived(sandbox)
    return request.param


@pytest.mark.parametrize("fault", BREAKS)
@pytest.mark.parametrize("call", ["describe", "update", "send", "receive"])
def test_what_may_be_repeated_comes_through(client, network, sandbox, kept, call, fault):
    network.poison(**BREAKS[fault])
    client.start(call)
    first = client.next()
    network.mend()
    assert first == {"retry": "DEADLINE_EXCEEDED" if fault in TIMES_OUT else "UNAVAILABLE"}
    assert client.end()["code"] == "OK"
    assert len(arrived(sandbox)) >= (2 if fault in ARRIVES else 1)


@pytest.mark.parametrize("fault", BREAKS)
def test_a_claim_that_may_have_happened_is_not_sent_again(client, network, sandbox, kept, fault):
    network.poison(**BREAKS[fault])
    end = client.call("claim")
    assert (end["retries"], end["attempts"], end["stop"]) == (0, 1, "the call may have happened")
    assert end["code"] == ("DEADLINE_EXCEEDED" if fault in TIMES_OUT else "UNAVAILABLE")
    network.mend()
    # Whatever was still on its way has arrived by the time that this is answered.
    assert client.call("describe")["code"] == "OK"
    assert arrived(sandbox).count("ClaimGameServer") == (1 if fault in ARRIVES else 0)
    assert client.call("claim")["code"] == "OK"


def test_a_claim_that_was_never_sent_is_repeated(client, network, sandbox, kept):
    network.cut()
    client.start("claim")
    assert client.next() == {"retry": "UNAVAILABLE"}
    network.mend()
    assert client.end()["code"] == "OK"
    assert arrived(sandbox).count("ClaimGameServer") == 1


@pytest.mark.parametrize("call", ["describe", "claim", "send"])
def test_attempts_are_used_up_while_the_proxy_is_down(client, network, call):
    network.cut()
    end = client.call(call)
    assert (end["code"], end["attempts"], end["stop"]) == ("UNAVAILABLE", 3, "attempts used up")
    assert 1100 < end["ms"] < 5000  # 0.4 s and 0.8 s
    network.mend()
    assert client.call(call)["code"] == "OK"


@pytest.mark.parametrize("fault", sorted(TIMES_OUT))
@pytest.mark.parametrize("call", ["describe", "claim", "send", "receive"])
def test_deadlines_hold(client, network, kept, call, fault):
    network.poison(**BREAKS[fault])
    end = client.call(call, timeout_ms=500)
    assert end["code"] == "DEADLINE_EXCEEDED"
    assert 450 < end["ms"] < 2500


@pytest.mark.parametrize("fault", sorted(TIMES_OUT))
@pytest.mark.parametrize("call, attempts", [("describe", 3), ("claim", 1)])
def test_attempts_have_a_time_of_their_own(client, network, call, attempts, fault):
    network.poison(**BREAKS[fault])
    end = client.call(call, timeout_ms=60_000)
    assert (end["code"], end["attempts"]) == ("DEADLINE_EXCEEDED", attempts)
    assert end["ms"] < 8000


def test_a_long_poll_gets_its_wait_on_top(client, network, kept):
    network.poison(**BREAKS["answer never arrives"])
    began = time.monotonic()
    client.start("receive", wait_s=1)
    assert client.next() == {"retry": "DEADLINE_EXCEEDED"}
    assert 1.9 < time.monotonic() - began < 5
    network.mend()
    assert client.end()["code"] == "OK"


def test_answers_in_slices_are_whole(client, network, sandbox, kept):
    slices = {"average_size": 50, "size_variation": 40, "delay": 50}
    network.poison("slicer", "upstream", slices)
    network.poison("slicer", "downstream", slices)
    end = client.call("claim")
    assert (end["code"], end["bytes"], end["retries"]) == ("OK", 1024, 0)
    assert client.call("send", bytes=2000)["code"] == "OK"
    assert client.call("receive")["bytes"] == 2000
    assert set(arrived(sandbox)) >= {"ClaimGameServer", "SendMessage"}


def test_a_slow_line_is_enough_for_small_calls_and_no_others(client, network, sandbox, kept):
    assert client.call("send", bytes=500_000)["code"] == "OK"
    arrived(sandbox)
    network.poison("bandwidth", "upstream", {"rate": 20})  # KB/s
    assert client.call("update")["code"] == "OK"
    end = client.call("send", bytes=500_000, timeout_ms=2000)
    assert end["code"] == "DEADLINE_EXCEEDED"
    assert end["ms"] < 5000
    assert arrived(sandbox) == ["UpdateGameServer"]


def test_a_proxy_that_comes_and_goes_leaves_no_call_hanging(client, network):
    for _ in range(5):
        network.cut()
        client.start("describe")
        assert client.next() == {"retry": "UNAVAILABLE"}
        network.mend()
        assert client.end()["code"] == "OK"
        assert client.call("claim", timeout_ms=2000)["code"] in ("OK", "RESOURCE_EXHAUSTED")
