"""Asks gsh_aws_config_probe what libgsh makes of configuration."""

import itertools
import json
import os
import pathlib
import subprocess

BIN_DIR = pathlib.Path(
    os.environ.get(
        "GSH_BIN_DIR", pathlib.Path(__file__).parents[2] / "build/release/bin"
    )
)


def environments(variables, profile, by_variable, monkeypatch):
    """Each combination of what the variables may be (None: not set), while it is this process's own: (environment,
    profile option). The profile is in AWS_PROFILE or in the option."""
    for values in itertools.product(*variables.values()):
        env = {k: v for k, v in zip(variables, values) if v is not None}
        option = profile
        if by_variable and profile:
            env["AWS_PROFILE"], option = profile, ""
        with monkeypatch.context() as patch:
            for name, value in env.items():
                patch.setenv(name, value)
            yield env, option


class Probe:
    def __init__(self):
        self._process = subprocess.Popen(
            [BIN_DIR / "gsh_aws_config_probe"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, **question):
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def close(self):
        self._process.stdin.close()
        assert self._process.wait(timeout=20) == 0
        self._process.stdout.close()
