"""What is installed: typed, and quiet beside other libraries."""

from __future__ import annotations

import ast
import importlib.resources
import pickle
import subprocess

import gsh
from gsh import _core
from gsh.openmatch import AcknowledgedBackfill, Assignment, Backfill, SearchFields, Ticket


def test_version() -> None:
    assert gsh.__version__.count(".") == 2


def test_the_package_is_typed() -> None:
    assert importlib.resources.files("gsh").joinpath("py.typed").is_file()


def test_the_stub_names_what_the_module_has() -> None:
    tree = ast.parse(importlib.resources.files("gsh").joinpath("_core.pyi").read_text())
    stubs = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef | ast.FunctionDef)}
    assert {name for name in vars(_core) if not name.startswith("_")} == stubs.keys()
    for name, node in stubs.items():
        if isinstance(node, ast.ClassDef):
            methods = {part.name for part in node.body if isinstance(part, ast.FunctionDef)}
            there = {member for member, value in vars(getattr(_core, name)).items() if callable(value)}
            assert {member for member in there if not member.startswith("_")} == {
                member for member in methods if not member.startswith("_")}


def test_everything_public_is_there() -> None:
    for module in (gsh, gsh.matcher, gsh.openmatch):
        for name in module.__all__:
            assert hasattr(module, name)


def test_plain_data_can_be_pickled() -> None:
    fields = SearchFields({"a": 1.5}, {"b": "c"}, ["d"])
    ticket = Ticket("t", Assignment("h:1", {"x": gsh.Any("u", b"v")}), fields)
    for value in (ticket, AcknowledgedBackfill(Backfill("b", fields), [ticket]), gsh.Tls(insecure=True), gsh.Retry(),
                  gsh.matcher.Rules(["a"])):
        assert pickle.loads(pickle.dumps(value)) == value
        assert repr(value).startswith(type(value).__name__)


def test_only_the_entry_point_is_exported() -> None:
    assert _core.__file__
    symbols = subprocess.run(["nm", "-D", "--defined-only", _core.__file__], capture_output=True, text=True, check=True)
    assert [line.split()[-1] for line in symbols.stdout.splitlines()] == ["PyInit__core"]
