"""How many devices send batches just now: what was entered goes first, pictures give way.

A picture takes the processor as long as a batch of 50 and nobody waits for it. So devices are told
in each answer how long to keep their pictures; no picture is turned away once it was sent. It goes
by what this process sees, which is a fair share of what all of them see.
"""

import math
import uuid
from datetime import datetime, timedelta
from threading import Lock

SPAN = timedelta(seconds=3)  # who sent something this lately may have more
SHARE = 0.4  # seconds for each other device: a few batches
LONGEST = 10  # seconds


class Crowd:
    def __init__(self):
        self._last: dict[uuid.UUID, datetime] = {}
        self._lock = Lock()

    def sent(self, device: uuid.UUID, *, at: datetime) -> None:
        """A batch of this device came."""
        with self._lock:
            recent = {each: last for each, last in self._last.items() if at - last < SPAN}
            self._last = recent | {device: at}

    def photos_after(self, device: uuid.UUID, *, at: datetime) -> int:
        """Seconds that a device should keep its pictures for; 0 while no other sends batches."""
        last = self._last.items()
        others = sum(1 for each, moment in last if each != device and at - moment < SPAN)
        return min(LONGEST, math.ceil(others * SHARE))


CROWD = Crowd()
