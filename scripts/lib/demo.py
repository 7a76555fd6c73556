#!/usr/bin/env python3
"""The demo: eight players, two regions, two matches, a chat each. See scripts/demo."""

import argparse
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

REGIONS = ["us-east-1", "us-east-2"]
# Each player's latency to the two regions, in ms: two are good for each, four are in between.
PLAYERS = {
    "ann": (8, 61), "bob": (12, 55), "cem": (20, 23), "dia": (21, 24),
    "eva": (60, 9), "fin": (54, 11), "gus": (23, 19), "hal": (24, 22),
}
EXPECTED = [{"ann", "bob", "cem", "dia"}, {"eva", "fin", "gus", "hal"}]
PATIENCE = 60  # seconds for any one thing to happen


class Failed(Exception):
    """A check that did not hold, in words for a person."""


class Output:
    """The lines that a process printed, waited for by pattern."""

    def __init__(self, stream, copy):
        self.lines = []
        self.changed = threading.Condition()
        self.reader = threading.Thread(target=self._read, args=(stream, copy), daemon=True)
        self.reader.start()

    def _read(self, stream, copy):
        with open(copy, "a", encoding="utf-8") as file:
            for line in stream:
                file.write(line)
                file.flush()
                with self.changed:
                    self.lines.append(line.rstrip("\n"))
                    self.changed.notify_all()

    def find(self, pattern):
        """The first match in what was printed until now, or None."""
        return next((m for m in map(re.compile(pattern).search, self.lines) if m), None)

    def wait(self, pattern, what, timeout=PATIENCE):
        with self.changed:
            if not self.changed.wait_for(lambda: self.find(pattern), timeout):
                tail = "\n  ".join(self.lines[-10:]) or "(nothing)"
                raise Failed(f"{what}: not seen after {timeout} s. Last output:\n  {tail}")
            return self.find(pattern)


class Process:
    """A program of ours; its output goes to DIR/NAME.log too."""

    def __init__(self, name, directory, command, stdin=None):
        self.name = name
        self.started = time.monotonic()
        self.popen = subprocess.Popen(
            command, cwd=directory, stdin=stdin or subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, bufsize=1)
        self.out = Output(self.popen.stdout, os.path.join(directory, f"{name}.log"))

    def stop(self, how=signal.SIGTERM, timeout=20):
        if self.popen.poll() is None:
            self.popen.send_signal(how)
        try:
            code = self.popen.wait(timeout)
            self.out.reader.join(timeout)  # the last lines may still be in the pipe
            return code
        except subprocess.TimeoutExpired:
            self.popen.kill()
            raise Failed(f"{self.name} did not stop within {timeout} s of {how.name}") from None


class Demo:
    def __init__(self, bin_dir, directory):
        self.bin = bin_dir
        self.dir = directory
        self.processes = []  # in the order of their start
        self.players = {}
        self.connection = {}  # player -> host:port
        self.waited = {}

    def start(self, name, *command, **kwargs):
        process = Process(name, self.dir, [os.path.join(self.bin, command[0]), *command[1:]], **kwargs)
        self.processes.append(process)
        return process

    def run(self):
        self.start_sandbox()
        self.start_match_function()
        self.queue_players()
        self.start_director()
        self.see_assignments()
        self.chat()
        self.leave()

    def start_sandbox(self):
        say("Starting a sandbox: Open Match, an Agones allocator, two regions with two game servers each ...")
        self.sandbox = self.start(
            "sandbox", "gsh-sandbox", "--dir", self.dir, "--regions", ",".join(REGIONS), "--replicas", "2",
            "--game-server", os.path.join(self.bin, "gsh-ncat-server") + " --bind 127.0.0.1 -p {port}")
        self.sandbox.out.wait(r"^ready$", "the sandbox's readiness")
        with open(os.path.join(self.dir, "endpoints.json"), encoding="utf-8") as file:
            self.endpoints = json.load(file)

    def endpoint(self, name):
        return self.endpoints[name].rsplit(":", 1)

    def start_match_function(self):
        host, port = self.endpoint("query")
        self.mmf = self.start(
            "mmf", "gsh-mmf", "-queryServiceAddr", host, "-queryServicePort", port,
            "-serverPort", "0", "--bind", "127.0.0.1", "--openmatch-tls-dir", "openmatch-tls")
        listening = self.mmf.out.wait(r"initialized for port (\d+)$", "the match function's port")
        self.mmf_port = listening.group(1)

    def start_director(self):
        say("Starting the director ...")
        backend_host, backend_port = self.endpoint("backend")
        allocator_host, allocator_port = self.endpoints["allocators"][REGIONS[0]].rsplit(":", 1)
        self.director = self.start(
            "director", "gsh-director", "-backendAddr", backend_host, "-backendPort", backend_port,
            "-functionAddr", "127.0.0.1", "-functionPort", self.mmf_port,
            "-allocatorAddr", allocator_host, "-allocatorPort", allocator_port,
            "-regions", ",".join(REGIONS), "--openmatch-tls-dir", "openmatch-tls",
            "--allocator-tls-dir", "agones-tls")

    def queue_players(self):
        say(f"{len(PLAYERS)} players ask for a game, over TLS:")
        for name, latencies in PLAYERS.items():
            pairs = [f"--latency={region}={ms}" for region, ms in zip(REGIONS, latencies)]
            self.players[name] = self.start(
                f"player-{name}", "gsh-ncat-client", "-frontend", self.endpoints["frontend"],
                "--tls-dir", "client-tls", *pairs, stdin=subprocess.PIPE)
        for name, player in self.players.items():
            ticket = player.out.wait(r"Ticket ID: (\S+)", f"{name}'s ticket")[1]
            a, b = PLAYERS[name]
            say(f"  {name}: {REGIONS[0]} {a} ms, {REGIONS[1]} {b} ms, ticket {ticket}")

    def see_assignments(self):
        for name, player in self.players.items():
            found = player.out.wait(r'Ticket assignment: connection:"([^"]+)"', f"{name}'s assignment")
            self.connection[name] = found[1]
            self.waited[name] = time.monotonic() - player.started
            player.out.wait(r"<announce> already connected", f"{name}'s welcome on the game server")
        groups = {}
        for name, connection in self.connection.items():
            groups.setdefault(connection, set()).add(name)
        check(sorted(map(sorted, groups.values())) == sorted(map(sorted, EXPECTED)),
              f"the matches are {list(groups.values())}, not {EXPECTED}")
        self.groups = groups
        say("Matched:")
        for connection, names in groups.items():
            region = REGIONS[EXPECTED.index(names)]
            server = self.server_at(connection, "Allocated")
            check(server["region"] == region, f"{server['name']} is in {server['region']}, not in {region}")
            say(f"  {region}: game server {server['name']} at {connection}")
            for name in sorted(names):
                ms = PLAYERS[name][REGIONS.index(region)]
                say(f"    {name}: {ms} ms, waited {self.waited[name]:.1f} s")

    def chat(self):
        say("Everyone says hello:")
        for name, player in self.players.items():
            player.popen.stdin.write(f"hello from {name}\n")
            player.popen.stdin.flush()
        for names in self.groups.values():
            for speaker in names:
                for listener in names - {speaker}:
                    heard = self.players[listener].out.wait(
                        rf"<user\d+> hello from {speaker}$", f"{speaker}'s line at {listener}")
                    say(f"  {listener} reads: {heard[0]}")
        for listener, player in self.players.items():
            group = next(names for names in self.groups.values() if listener in names)
            for speaker in set(PLAYERS) - group | {listener}:
                check(not player.out.find(rf"hello from {speaker}$"), f"{listener} read {speaker}'s line")

    def leave(self):
        say("All players leave:")
        used = [self.server_at(connection, "Allocated") for connection in self.groups]
        for player in self.players.values():
            code = player.stop(signal.SIGINT)
            check(code == 0, f"{player.name} ended with exit code {code}")
            check(player.out.find(r"Disconnected from the server\."), f"{player.name} did not say goodbye")
        for server in used:
            name = re.escape(server["name"])
            self.sandbox.out.wait(rf"game server.*{name}.*Shutdown", f"the end of {server['name']}")
            say(f"  {server['name']}: Shutdown")
        deadline = time.monotonic() + PATIENCE
        while len(self.servers("Ready")) < 2 * len(REGIONS):
            check(time.monotonic() < deadline, "the fleets did not replace their game servers")
            time.sleep(0.1)
        for server in self.servers("Ready"):
            say(f"  {server['name']} at {server['address']}: Ready")
        check(not {s["name"] for s in used} & {s["name"] for s in self.servers("Ready")},
              "a game server that had shut down is Ready again")

    def servers(self, state):
        """The game servers that are in `state`, by the sandbox's log of state changes."""
        latest = {}
        pattern = re.compile(
            r"game server\b.*?name=(?P<name>\S+).*?region=(?P<region>\S+).*?state=(?P<state>\S+)"
            r"(?:.*?address=(?P<address>\S+))?")
        for line in self.sandbox.out.lines:
            if match := pattern.search(line):
                latest[match["name"]] = match.groupdict()
        return [server for server in latest.values() if server["state"] == state]

    def server_at(self, connection, state):
        for server in self.servers(state):
            if server["address"] == connection:
                return server
        raise Failed(f"no {state} game server is at {connection}")

    def stop(self):
        """Ends what still runs, newest first; says what did not end well."""
        problems = []
        for process in reversed(self.processes):
            try:
                code = process.stop()
                if code != 0 and not process.name.startswith("player-"):
                    problems.append(f"{process.name} ended with exit code {code}")
            except Failed as problem:
                problems.append(str(problem))
        return problems


def say(text):
    print(text, flush=True)


def check(condition, otherwise):
    if not condition:
        raise Failed(otherwise)


def stay(demo):
    """Leaves the services running until ctrl-C, with a command to copy."""
    frontend = demo.endpoints["frontend"]
    say("\nStill running. Join from four terminals, then type:\n"
        f"  cd {demo.dir} && {demo.bin}/gsh-ncat-client -frontend {frontend} --tls-dir client-tls "
        "-latencyUsEast1 10 -latencyUsEast2 30\n"
        f"Logs: {demo.dir}/*.log    Stop with ctrl-C.")
    try:
        signal.pause()
    except KeyboardInterrupt:
        say("")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bin", required=True)
    parser.add_argument("--keep", action="store_true")
    args = parser.parse_args()
    directory = tempfile.mkdtemp(prefix="gsh-demo-")
    demo = Demo(os.path.abspath(args.bin), directory)
    began = time.monotonic()
    problem = None
    try:
        demo.run()
        if args.keep:
            stay(demo)
    except Failed as failure:
        problem = str(failure)
    except KeyboardInterrupt:
        problem = "interrupted"
    problems = ([problem] if problem else []) + demo.stop()
    if problems:
        print("\nThe demo FAILED: " + "\n  ".join(problems) + f"\nLogs: {directory}", file=sys.stderr)
        return 1
    shutil.rmtree(directory)
    say(f"The demo passed: two full matches, chat checked, servers replaced ({time.monotonic() - began:.1f} s).")
    return 0


if __name__ == "__main__":
    sys.exit(main())
