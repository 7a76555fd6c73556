"""SDK for hosting game servers: Open Match's frontend, a latency matcher on NumPy arrays.

Every failed call raises a subclass of :class:`gsh.Error`, one for each of gRPC's codes.
"""

from importlib.metadata import version as _version

from gsh import matcher, openmatch
from gsh._core import any_double, any_string, double_of, string_of
from gsh._types import Any, Retry, Tls
from gsh.errors import (
    Aborted,
    AlreadyExists,
    Cancelled,
    DataLoss,
    DeadlineExceeded,
    Error,
    FailedPrecondition,
    Internal,
    InvalidArgument,
    NotFound,
    OutOfRange,
    PermissionDenied,
    ResourceExhausted,
    RetryStop,
    StatusCode,
    Unauthenticated,
    Unavailable,
    Unimplemented,
    Unknown,
)

__version__ = _version("gsh")

__all__ = [
    "Aborted", "AlreadyExists", "Any", "Cancelled", "DataLoss", "DeadlineExceeded", "Error", "FailedPrecondition",
    "Internal", "InvalidArgument", "NotFound", "OutOfRange", "PermissionDenied", "ResourceExhausted", "Retry",
    "RetryStop", "StatusCode", "Tls", "Unauthenticated", "Unavailable", "Unimplemented", "Unknown", "any_double",
    "any_string", "double_of", "matcher", "openmatch", "string_of",
]
