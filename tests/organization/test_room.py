"""A deep stack asks the system for memory once, not at each call."""

import resource
import threading

import pytest

from organization.room import with_room

CALLS, DEEPEST = 200, 400


def leaf():
    return None


def many_calls_at(depth: int) -> None:
    if depth:
        return many_calls_at(depth - 1)
    for _ in range(CALLS):
        leaf()
    return None


def at_every_depth() -> int:
    """How often memory was asked for that was not there."""
    before = resource.getrusage(resource.RUSAGE_THREAD).ru_minflt
    for depth in range(DEEPEST):
        many_calls_at(depth)
    return resource.getrusage(resource.RUSAGE_THREAD).ru_minflt - before


def in_a_thread(call, *args):
    """With a stack of its own, that begins small."""
    found = []
    thread = threading.Thread(target=lambda: found.append(call(*args)))
    thread.start()
    thread.join()
    return found[0]


def test_no_call_asks_for_memory_of_its_own():
    assert in_a_thread(with_room, at_every_depth) < CALLS


def test_it_answers_and_raises_what_the_call_does():
    assert with_room(divmod, 7, 2) == (3, 1)
    assert with_room(dict, a=1) == {"a": 1}
    with pytest.raises(ZeroDivisionError):
        with_room(divmod, 1, 0)
