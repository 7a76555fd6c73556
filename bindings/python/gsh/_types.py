"""The plain data of calls. The compiled module knows these classes by name."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from os import PathLike


@dataclass(slots=True)
class Any:
    """A typed value that travels as bytes, as google.protobuf.Any does; see :func:`gsh.any_string`."""

    type_url: str = ""
    value: bytes = b""


@dataclass(slots=True)
class SearchFields:
    """What pools filter by."""

    double_args: dict[str, float] = field(default_factory=dict)  #: "latency-us-east-1" -> milliseconds
    string_args: dict[str, str] = field(default_factory=dict)
    tags: Sequence[str] = field(default_factory=list)  #: "mode.session"


@dataclass(slots=True)
class Assignment:
    """Where the players of a ticket go."""

    connection: str = ""  #: "host:port"
    extensions: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Ticket:
    """One player, or one party, that waits."""

    id: str = ""  #: given by the frontend
    assignment: Assignment | None = None
    search_fields: SearchFields = field(default_factory=SearchFields)
    extensions: dict[str, Any] = field(default_factory=dict)
    persistent_field: dict[str, Any] = field(default_factory=dict)
    create_time: datetime.datetime | None = None  #: given by the frontend; UTC, rounded down to microseconds


@dataclass(slots=True)
class Backfill:
    """Open slots on a game server that runs. Beta in Open Match."""

    id: str = ""
    search_fields: SearchFields = field(default_factory=SearchFields)
    extensions: dict[str, Any] = field(default_factory=dict)
    persistent_field: dict[str, Any] = field(default_factory=dict)
    create_time: datetime.datetime | None = None
    generation: int = 0


@dataclass(slots=True)
class AcknowledgedBackfill:
    """A backfill, and the tickets that joined it."""

    backfill: Backfill = field(default_factory=Backfill)
    tickets: list[Ticket] = field(default_factory=list)


@dataclass(slots=True, frozen=True)
class Tls:
    """TLS to a server, whose name is always checked. Files (PEM) are read again when they change."""

    ca_file: str | PathLike[str] = ""  #: empty: the system's roots
    cert_file: str | PathLike[str] = ""  #: the client's own certificate; empty: none
    key_file: str | PathLike[str] = ""  #: unencrypted
    server_name: str = ""  #: that the server's certificate must carry; empty: the endpoint's host
    insecure: bool = False  #: plaintext, no TLS at all


@dataclass(slots=True, frozen=True)
class Retry:
    """Full-jitter exponential back-off. Times are in seconds."""

    max_attempts: int = 4  #: in all, the first included; 1: never retry
    initial_backoff: float = 0.1
    max_backoff: float = 5.0
    budget: float = 100.0  #: a retry takes one, a success gives ``budget_refill`` back; 0: no budget
    budget_refill: float = 0.1


_class: type
for _class in (Any, Tls, Retry):  # where people find them
    _class.__module__ = "gsh"
for _class in (SearchFields, Assignment, Ticket, Backfill, AcknowledgedBackfill):
    _class.__module__ = "gsh.openmatch"
