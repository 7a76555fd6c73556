"""The latency matcher: NumPy arrays in, indices out. Pure: no I/O, no clock, no thread; the same input gives the same
output on every machine."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gsh import _core
from gsh.errors import InvalidArgument

__all__ = ["Band", "Bands", "Result", "Rules", "Unmatched", "match_tickets", "parse_bands"]


@dataclass(slots=True, frozen=True)
class Rules:
    """How tickets are matched."""

    regions: Sequence[str]
    #: Bounds of the half-open latency bands in ms, strictly rising; the last band is closed. Tickets of one match are
    #: in one band.
    band_bounds_ms: Sequence[float] = (0.0, float("inf"))
    match_size: int = 4  #: tickets a match
    try_next_best_region: bool = True  #: a ticket left over in its best region may go to its next best ones

    def check(self) -> None:
        """Raises :class:`gsh.InvalidArgument` that names every mistake."""
        _core.check_rules(_fields(self))

    @classmethod
    def from_json(cls, text: str) -> Rules:
        """Rules as in ``{"version":1,"regions":["us-east-1"],"bands":[0,25,50],"match_size":4}``.

        Members that are left out have this class's defaults. :class:`gsh.InvalidArgument` names the JSON path of the
        first mistake; unknown members are mistakes.
        """
        return cls(*_core.rules_from_json(text, _fields(cls(regions=()))))

    def to_json(self) -> str:
        return _core.rules_to_json(_fields(self))


class Unmatched(enum.IntEnum):
    """Why a ticket is in no match."""

    MATCHED = 0  #: it is in one
    UNREACHABLE = 1  #: no region has a usable latency
    OUTSIDE_BANDS = 2  #: every usable latency lies outside the bands
    NOT_ENOUGH_NEIGHBOURS = 3  #: its bands have too few tickets left


@dataclass(slots=True, frozen=True, eq=False)
class Result:
    """Indices into the arrays that were matched."""

    #: One row a match, highest score first, with the fields ``region``, ``band``, ``first_member``, ``size`` (uint32),
    #: ``mean_latency_ms``, ``spread_ms`` (float32: highest - lowest latency) and ``score`` (float64: 1000 / (1 + mean)).
    matches: npt.NDArray[np.void]
    members: npt.NDArray[np.uint32]  #: ticket indices, match by match, each match's by rising latency
    reasons: npt.NDArray[np.uint8]  #: :class:`Unmatched`, one for each ticket

    def members_of(self, match: int) -> npt.NDArray[np.uint32]:
        """The tickets of ``matches[match]``, a view."""
        row = self.matches[match]
        first = int(row["first_member"])
        return self.members[first : first + int(row["size"])]


def match_tickets(latency_ms: npt.ArrayLike, rules: Rules, *, key: npt.ArrayLike | None = None) -> Result:
    """Matches neighbours in latency, all regions in one pass: a ticket is in at most one match.

    ``latency_ms`` has one row a ticket and one column a region, in milliseconds; NaN, infinite or negative means that
    the region cannot be reached. A C-contiguous float32 array is used as it is, without a copy, and without the GIL:
    do not change it meanwhile. Other real numbers are converted.

    ``key`` breaks ties, for example a hash of the ticket's id (uint64, without a copy; other integers are taken modulo
    2**64); without it the ticket's index does.

    Raises :class:`gsh.InvalidArgument` (a ``ValueError`` too) for bad rules and for arrays that do not fit.
    """
    latency = _numbers("latency_ms", latency_ms, "fiu")
    if latency.ndim != 2 or latency.shape[1] != len(rules.regions):
        raise InvalidArgument(
            f"latency_ms: {_what(latency)} must have shape (tickets, {len(rules.regions)}), a column for each region")
    keys = None
    if key is not None:
        keys = _numbers("key", key, "iu")
        if keys.shape != latency.shape[:1]:
            raise InvalidArgument(f"key: {_what(keys)} must have shape ({latency.shape[0]},), an entry for each ticket")
        keys = _laid_out(keys, np.uint64)
    return Result(*_core.match_tickets(_laid_out(latency, np.float32), keys, _fields(rules)))


@dataclass(slots=True, frozen=True)
class Band:
    """[min_ms, max_ms), the last of a list [min_ms, max_ms]."""

    min_ms: float
    max_ms: float
    typed_min: str  #: as typed, for names that people's dashboards know
    typed_max: str


@dataclass(slots=True, frozen=True)
class Bands:
    """Latency bands, and a warning for each gap between them that is wider than 1."""

    bands: list[Band]
    warnings: list[str]


def parse_bands(text: str) -> Bands:
    """Ranges as the samples write them: ``"0-24,25-49,50-74"``. :class:`gsh.InvalidArgument` names what is wrong."""
    rows, warnings = _core.parse_bands(text)
    return Bands([Band(*row) for row in rows], warnings)


def _fields(rules: Rules) -> _core.RuleFields:
    if isinstance(rules.regions, str):
        raise InvalidArgument("regions: a str, not a sequence of names")
    return list(rules.regions), list(rules.band_bounds_ms), rules.match_size, rules.try_next_best_region


def _numbers(name: str, values: npt.ArrayLike, kinds: str) -> npt.NDArray[np.generic]:
    try:
        array = np.asarray(values)
    except ValueError as error:  # rows of unequal length
        raise InvalidArgument(f"{name}: {error}") from None
    if array.dtype.kind not in kinds and array.size:
        expected = "real numbers" if "f" in kinds else "integers"
        raise InvalidArgument(f"{name}: {_what(array)}, not of {expected}")
    return array


def _laid_out(array: npt.NDArray[np.generic], dtype: npt.DTypeLike) -> npt.NDArray[np.generic]:
    """A C-contiguous array of ``dtype``: ``array`` itself if it is one."""
    with np.errstate(over="ignore"):  # beyond float32 is infinite: not reachable
        return np.require(array, dtype, ["C_CONTIGUOUS", "ALIGNED"])


def _what(array: npt.NDArray[np.generic]) -> str:
    return f"an array of shape {array.shape} and dtype {array.dtype}"
