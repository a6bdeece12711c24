"""The clock of one of the rig's processes: the machine's, moved by the seconds that a file says."""

import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import time_machine

LOOK_EVERY = 0.05


class Clock:
    """All processes of a rig follow one file, as those of a machine follow its clock."""

    def __init__(self, path: Path | str):
        self.path = Path(path)
        self.offset = self.wanted
        moved = datetime.now(UTC) + timedelta(seconds=self.offset)
        self.traveller = time_machine.travel(moved).start()
        self.lock = threading.Lock()

    @property
    def wanted(self) -> float:
        return float(self.path.read_text())

    def look(self) -> None:
        """Follow the file now."""
        with self.lock:
            wanted = self.wanted
            if wanted != self.offset:
                self.traveller.shift(wanted - self.offset)
                self.offset = wanted

    def follow(self) -> None:
        """Keep following it, beside whatever runs."""
        threading.Thread(target=self._follow, daemon=True).start()

    def _follow(self) -> None:
        while True:
            self.look()
            time.sleep(LOOK_EVERY)
