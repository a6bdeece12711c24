"""Calls with room for a deep stack.

Python (3.11 and later) keeps the frames of a thread in pieces of 16 kB that it asks of the system
and gives back at once. Where a stack goes to and fro over the end of a piece, as a request's does
below twenty middlewares, each call asks for one and gives it back: up to a quarter of the time of
the processor. A frame that is larger gets a larger piece, of which those that it calls have the
rest, so that they never come to its end.
"""

from collections.abc import Callable

SLOTS = 66_000  # of 8 bytes, so that the piece has 1 MB: half for this frame, half for the others


def with_room(call: Callable, /, *args, **kwargs):
    """What `call` answers; whatever it calls has half a megabyte for its frames."""
    return call(*args, **kwargs)


# Only addresses are set aside: the system gives memory for what is written to.
with_room.__code__ = with_room.__code__.replace(co_stacksize=SLOTS)
