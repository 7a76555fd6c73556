import os

import pytest

from aws_sandbox import Sandbox
from probe import Probe


@pytest.fixture(scope="module")
def probe():
    made = Probe()
    yield made
    made.close()


@pytest.fixture(scope="module")
def sandbox():
    made = Sandbox()
    yield made
    made.close()


@pytest.fixture
def home(tmp_path, monkeypatch):
    """An empty home directory, and no variable of AWS."""
    for name in list(os.environ):
        if name.startswith("AWS_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".aws").mkdir()
    return tmp_path
