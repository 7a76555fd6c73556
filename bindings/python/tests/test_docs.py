"""The examples of docs/python.md, run as they stand there."""

from __future__ import annotations

import re

import pytest
from conftest import ROOT, Sandbox

DOCUMENT = (ROOT / "docs" / "python.md").read_text()
EXAMPLES = re.findall(r"```python\n(.*?)```(?:\s*```text\n(.*?)```)?", DOCUMENT, re.DOTALL)


def test_there_are_examples() -> None:
    assert len(EXAMPLES) == DOCUMENT.count("```python") >= 3


@pytest.mark.parametrize(("code", "output"), EXAMPLES)
def test_an_example(code: str, output: str, matchmaking: Sandbox, monkeypatch: pytest.MonkeyPatch,
                    capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(matchmaking.directory)  # which has the folder client-tls
    code = code.replace("open-match-frontend:50504", matchmaking.frontend)
    exec(compile(code, "docs/python.md", "exec"), {"__name__": "__main__"})
    assert capsys.readouterr().out == output
