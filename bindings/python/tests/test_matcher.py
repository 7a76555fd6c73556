from __future__ import annotations

import threading
import time

import numpy as np
import pytest

import gsh
from gsh import _core, matcher
from gsh.matcher import Rules, Unmatched, match_tickets

RULES = Rules(regions=["east", "west"], band_bounds_ms=[0, 25, 50], match_size=2)
NAN = float("nan")


def latencies(*rows: tuple[float, float]) -> np.ndarray:
    return np.array(rows, np.float32)


def test_matches_neighbours_and_says_why_others_wait() -> None:
    result = match_tickets(
        latencies((10, 40), (45, 12), (12, 44), (49, 15), (NAN, -1), (60, 70), (30, NAN)), RULES)
    assert [sorted(result.members_of(i)) for i in range(len(result.matches))] == [[0, 2], [1, 3]]
    assert list(result.matches["region"]) == [0, 1]
    assert list(result.matches["size"]) == [2, 2]
    assert list(result.matches["spread_ms"]) == [2, 3]
    np.testing.assert_allclose(result.matches["mean_latency_ms"], [11, 13.5])
    np.testing.assert_allclose(result.matches["score"], [1000 / 12, 1000 / 14.5])
    assert [Unmatched(reason) for reason in result.reasons] == [
        *[Unmatched.MATCHED] * 4, Unmatched.UNREACHABLE, Unmatched.OUTSIDE_BANDS, Unmatched.NOT_ENOUGH_NEIGHBOURS]


def test_rules_that_python_does_not_know_are_refused() -> None:
    with pytest.raises(gsh.InvalidArgument, match="known in Python"):
        Rules.from_json('{"regions":["a"],"bands":[0,null],"max_spread_ms":10}')


def test_reasons_are_the_librarys() -> None:
    assert [_core.unmatched_name(reason) for reason in Unmatched] == [reason.name.lower() for reason in Unmatched]


def test_a_fitting_array_is_not_copied() -> None:
    array = latencies((1, 2), (3, 4))
    keys = np.array([1, 2], np.uint64)
    assert matcher._laid_out(matcher._numbers("latency_ms", array, "f"), np.float32) is array
    assert matcher._laid_out(matcher._numbers("key", keys, "u"), np.uint64) is keys
    with pytest.raises(TypeError):  # what does not fit never gets as far as a silent copy in the compiled part
        _core.match_tickets(np.asfortranarray(latencies((1, 2), (3, 4))), None, matcher._fields(RULES))
    with pytest.raises(TypeError):
        _core.match_tickets(array.astype(np.float64), None, matcher._fields(RULES))


@pytest.mark.parametrize("convert", [
    lambda array: array.astype(np.float64), np.asfortranarray, lambda array: array.tolist(),
    lambda array: np.repeat(array, 2, axis=0)[::2], lambda array: array.astype(np.int32), lambda array: array.astype(">f4"),
])
def test_other_layouts_give_the_same(convert: object) -> None:
    rng = np.random.default_rng(1)
    array = rng.integers(1, 60, (100, 2)).astype(np.float32)
    expected, result = match_tickets(array, RULES), match_tickets(convert(array), RULES)  # type: ignore[operator]
    assert len(expected.matches) > 10
    np.testing.assert_array_equal(result.matches, expected.matches)
    np.testing.assert_array_equal(result.members, expected.members)
    np.testing.assert_array_equal(result.reasons, expected.reasons)


def test_results_outlive_what_they_were_made_from() -> None:
    array = latencies((1, 9), (2, 9))
    result = match_tickets(array, RULES)
    members, first = result.members, result.members_of(0)
    del array, result
    assert list(members) == [0, 1] == list(first)
    members[0] = 7  # ours to change
    assert first[0] == 7


def test_keys_break_ties() -> None:
    array = latencies(*[(10, 90)] * 4)
    by_index = match_tickets(array, RULES)
    by_key = match_tickets(array, RULES, key=[3, 1, 2, 0])
    assert [sorted(by_index.members_of(i)) for i in range(2)] == [[0, 1], [2, 3]]
    assert sorted(sorted(by_key.members_of(i)) for i in range(2)) == [[0, 2], [1, 3]]


def test_nobody() -> None:
    result = match_tickets(np.empty((0, 2), np.float32), RULES)
    assert len(result.matches) == len(result.members) == len(result.reasons) == 0


@pytest.mark.parametrize(("array", "key", "words"), [
    (np.zeros((3, 5), np.float32), None, ["latency_ms", "(3, 5)", "float32", "(tickets, 2)"]),
    (np.zeros(6), None, ["latency_ms", "(6,)", "float64", "(tickets, 2)"]),
    (np.zeros((3, 2), complex), None, ["latency_ms", "(3, 2)", "complex128"]),
    (np.array([["a", "b"]]), None, ["latency_ms", "(1, 2)", "<U1"]),
    ([[1, 2], [3]], None, ["latency_ms"]),
    (np.zeros((3, 2)), np.zeros(2, np.uint64), ["key", "(2,)", "uint64", "(3,)"]),
    (np.zeros((3, 2)), np.zeros(3), ["key", "(3,)", "float64"]),
])
def test_arrays_that_do_not_fit_are_named(array: object, key: object, words: list[str]) -> None:
    with pytest.raises(gsh.InvalidArgument) as caught:
        match_tickets(array, RULES, key=key)  # type: ignore[arg-type]
    for word in words:
        assert word in str(caught.value)
    assert isinstance(caught.value, ValueError)


def test_bad_rules_are_named_together() -> None:
    bad = Rules(regions=["a", "a"], band_bounds_ms=[5, 1], match_size=0)
    for check in (bad.check, lambda: match_tickets(np.zeros((1, 2)), bad)):
        with pytest.raises(gsh.InvalidArgument) as caught:
            check()
        for word in ("regions[1]", "band_bounds_ms[1]", "match_size"):
            assert word in str(caught.value)
    with pytest.raises(gsh.InvalidArgument, match="regions"):
        Rules(regions="us").check()


def test_rules_as_json() -> None:
    rules = Rules.from_json('{"version":1,"regions":["a","b"],"bands":[0,25.5,50],"match_size":3}')
    assert rules == Rules(regions=["a", "b"], band_bounds_ms=[0, 25.5, 50], match_size=3)
    assert Rules.from_json(rules.to_json()) == rules
    with pytest.raises(gsh.InvalidArgument, match=r"\$\.match_size"):
        Rules.from_json('{"version":1,"regions":["a"],"match_size":"4"}')


def test_bands() -> None:
    bands = matcher.parse_bands("0-24,25-49,60-99")
    assert [(band.min_ms, band.max_ms) for band in bands.bands] == [(0, 25), (25, 49), (60, 99)]
    assert bands.bands[0].typed_max == "24"
    assert len(bands.warnings) == 1
    with pytest.raises(gsh.InvalidArgument, match="9-3"):
        matcher.parse_bands("9-3")


def test_the_gil_is_free_while_matching() -> None:
    array = np.random.default_rng(2).lognormal(3.6, 0.7, (1_000_000, 2)).astype(np.float32)
    ticks: list[float] = []
    stop = threading.Event()

    def tick() -> None:
        while not stop.is_set():
            ticks.append(time.perf_counter())

    def others_ran() -> bool:
        ticks.clear()
        begin = time.perf_counter()
        match_tickets(array, RULES)
        quarter = (time.perf_counter() - begin) / 4
        # Not near the ends, where the GIL changes hands in any case.
        return any(begin + quarter < at < begin + 3 * quarter for at in ticks)

    thread = threading.Thread(target=tick)
    thread.start()
    try:
        assert any(others_ran() for _ in range(10))  # one is enough: a busy machine may run nobody else
    finally:
        stop.set()
        thread.join()
