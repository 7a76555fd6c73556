"""gsh::Status as exceptions: one class for each of gRPC's codes."""

import enum
from typing import Any as _AnyType
from typing import ClassVar


class StatusCode(enum.IntEnum):
    """gRPC's canonical codes."""

    OK = 0
    CANCELLED = 1
    UNKNOWN = 2
    INVALID_ARGUMENT = 3
    DEADLINE_EXCEEDED = 4
    NOT_FOUND = 5
    ALREADY_EXISTS = 6
    PERMISSION_DENIED = 7
    RESOURCE_EXHAUSTED = 8
    FAILED_PRECONDITION = 9
    ABORTED = 10
    OUT_OF_RANGE = 11
    UNIMPLEMENTED = 12
    INTERNAL = 13
    UNAVAILABLE = 14
    DATA_LOSS = 15
    UNAUTHENTICATED = 16


class RetryStop(enum.IntEnum):
    """Why a failed call was not tried again."""

    NONE = 0  #: the call was not retried by the library at all
    PERMANENT = 1  #: the error will not go away by itself
    NOT_IDEMPOTENT = 2  #: the call may have happened, and a repeat could do it twice
    EXHAUSTED = 3  #: the attempts are used up
    BUDGET = 4  #: the endpoint's retry budget is empty
    DEADLINE = 5  #: no time is left for another attempt
    CANCELLED = 6  #: the caller gave up


class Error(Exception):
    """A failed call, or a bad argument. Raised as the subclass of its code.

    The keyword arguments say where a remote call failed; they are empty for errors that did not come from one.
    """

    code: ClassVar[StatusCode] = StatusCode.UNKNOWN

    message: str
    service: str  #: "openmatch.FrontendService"
    operation: str  #: "CreateTicket"
    peer: str  #: "open-match-frontend:50504"
    attempts: int  #: how often the call was sent
    elapsed: float  #: seconds, all attempts together
    request_id: str  #: as the service gave it
    name: str  #: the service's own name of the error, or its code outside gRPC's ("422")
    retry_stop: RetryStop

    def __init__(
        self,
        message: str = "",
        *,
        service: str = "",
        operation: str = "",
        peer: str = "",
        attempts: int = 0,
        elapsed: float = 0.0,
        request_id: str = "",
        name: str = "",
        retry_stop: RetryStop = RetryStop.NONE,
    ) -> None:
        super().__init__(message)  # the one argument with which copies and pickles are made again
        self.message = message
        self.service = service
        self.operation = operation
        self.peer = peer
        self.attempts = attempts
        self.elapsed = elapsed
        self.request_id = request_id
        self.name = name
        self.retry_stop = retry_stop

    def __str__(self) -> str:
        if not self.operation:
            return self.message
        from gsh import _core  # which imports this module

        text = _core.describe_error(
            self.code, self.message, self.service, self.operation, self.peer, self.attempts, self.elapsed,
            self.request_id, self.name, self.retry_stop)
        return text.removeprefix(f"{self.code.name}: ")  # the class says that

    def __repr__(self) -> str:
        fields = ("service", "operation", "peer", "attempts", "elapsed", "request_id", "name")
        known = "".join(f", {field}={value!r}" for field in fields if (value := getattr(self, field)))
        if self.retry_stop:
            known += f", retry_stop={self.retry_stop}"
        return f"{type(self).__module__}.{type(self).__qualname__}({self.message!r}{known})"


class Cancelled(Error):
    """The caller gave up, or the client was closed."""

    code = StatusCode.CANCELLED


class Unknown(Error):
    """The service does not say what is wrong."""

    code = StatusCode.UNKNOWN


class InvalidArgument(Error, ValueError):
    """An argument or an option is wrong in itself."""

    code = StatusCode.INVALID_ARGUMENT


class DeadlineExceeded(Error, TimeoutError):
    """The call's time was over; it may have happened all the same."""

    code = StatusCode.DEADLINE_EXCEEDED


class NotFound(Error, LookupError):
    """There is nothing with such an id."""

    code = StatusCode.NOT_FOUND


class AlreadyExists(Error):
    """What was to be made exists."""

    code = StatusCode.ALREADY_EXISTS


class PermissionDenied(Error):
    """The caller is known, and may not do this."""

    code = StatusCode.PERMISSION_DENIED


class ResourceExhausted(Error):
    """A quota, or no free server."""

    code = StatusCode.RESOURCE_EXHAUSTED


class FailedPrecondition(Error):
    """The system, or the client, is not in a state for this call."""

    code = StatusCode.FAILED_PRECONDITION


class Aborted(Error):
    """The call lost against another one."""

    code = StatusCode.ABORTED


class OutOfRange(Error):
    """Past the end of what there is."""

    code = StatusCode.OUT_OF_RANGE


class Unimplemented(Error, NotImplementedError):
    """The service does not know this call."""

    code = StatusCode.UNIMPLEMENTED


class Internal(Error):
    """Something is broken in the service or in the library."""

    code = StatusCode.INTERNAL


class Unavailable(Error, ConnectionError):
    """The service cannot be reached now."""

    code = StatusCode.UNAVAILABLE


class DataLoss(Error):
    """Data is lost or damaged for good."""

    code = StatusCode.DATA_LOSS


class Unauthenticated(Error):
    """The caller's identity is missing or not accepted."""

    code = StatusCode.UNAUTHENTICATED


_CLASSES: dict[int, type[Error]] = {cls.code: cls for cls in Error.__subclasses__()}

for _class in (Error, StatusCode, RetryStop, *_CLASSES.values()):
    _class.__module__ = "gsh"  # where people find them


def _make(code: int, message: str, fields: dict[str, _AnyType]) -> Error:
    """For the compiled module: the exception of a status."""
    if "retry_stop" in fields:
        fields["retry_stop"] = RetryStop(fields["retry_stop"])
    return _CLASSES.get(code, Unknown)(message, **fields)
