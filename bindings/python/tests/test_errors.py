from __future__ import annotations

import copy
import pickle

import pytest

import gsh
from gsh import _core

CODES = [code for code in gsh.StatusCode if code is not gsh.StatusCode.OK]
BUILTINS = {
    gsh.InvalidArgument: ValueError,
    gsh.DeadlineExceeded: TimeoutError,
    gsh.NotFound: LookupError,
    gsh.Unavailable: ConnectionError,
    gsh.Unimplemented: NotImplementedError,
}


def class_of(code: gsh.StatusCode) -> type[gsh.Error]:
    found = vars(gsh)[code.name.title().replace("_", "")]
    assert isinstance(found, type)
    assert issubclass(found, gsh.Error)
    return found


def example(cls: type[gsh.Error]) -> gsh.Error:
    return cls("no such ticket", service="openmatch.FrontendService", operation="GetTicket", peer="h:1", attempts=3,
               elapsed=0.25, request_id="r-1", name="422", retry_stop=gsh.RetryStop.PERMANENT)


@pytest.mark.parametrize("code", CODES)
def test_a_status_is_raised_as_the_class_of_its_code(code: gsh.StatusCode) -> None:
    assert _core.status_code_name(code) == code.name
    with pytest.raises(gsh.Error) as caught:
        _core.raise_status(code, b"why")
    assert type(caught.value) is class_of(code)
    assert caught.value.code is code
    assert caught.value.message == str(caught.value) == "why"


def test_every_class_is_exported() -> None:
    assert {cls.__name__ for cls in gsh.Error.__subclasses__()} <= set(gsh.__all__)


def test_a_code_outside_the_enum_is_unknown() -> None:
    with pytest.raises(gsh.Unknown):
        _core.raise_status(422, b"why")


@pytest.mark.parametrize(("ours", "builtin"), BUILTINS.items())
def test_some_are_builtin_errors_too(ours: type[gsh.Error], builtin: type[Exception]) -> None:
    with pytest.raises(builtin, match="why"):
        _core.raise_status(ours.code, b"why")


@pytest.mark.parametrize("code", CODES)
def test_pickles_and_copies_keep_every_field(code: gsh.StatusCode) -> None:
    error = example(class_of(code))
    for twin in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):
        assert type(twin) is type(error)
        assert vars(twin) == vars(error)
        assert twin.args == error.args
        assert str(twin) == str(error)
        assert repr(twin) == repr(error)


def test_a_message_may_be_any_bytes() -> None:
    with pytest.raises(gsh.Aborted) as caught:
        _core.raise_status(gsh.StatusCode.ABORTED, b"caf\xe9 \xc3\xa9")
    assert caught.value.message == r"caf\xe9 é"


def test_text() -> None:
    error = example(gsh.NotFound)
    assert str(error) == ("no such ticket (openmatch.FrontendService.GetTicket at h:1, error 422, request r-1, "
                          "3 attempts in 0.25 s, not retried: the error is permanent)")
    assert repr(error) == ("gsh.NotFound('no such ticket', service='openmatch.FrontendService', operation='GetTicket', "
                           "peer='h:1', attempts=3, elapsed=0.25, request_id='r-1', name='422', retry_stop=1)")
    assert repr(gsh.Aborted("x")) == "gsh.Aborted('x')"
