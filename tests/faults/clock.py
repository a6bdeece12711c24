"""The clock of one of the rig's processes: the machine's, moved by the seconds that a file says."""

import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import time_machine

LOOK_EVERY = 0.05
NOTHING = 0.01


class Clock:
    """All processes of a rig follow one file, as those of a machine follow its clock."""

    def __init__(self, path: Path | str):
        self.path = Path(path)
        self.lock = threading.Lock()
        self.traveller = time_machine.travel(datetime.now(UTC)).start()
        self.look()

    def look(self) -> None:
        """Follow the file now."""
        with self.lock:
            offset = time.time() - time_machine.escape_hatch.time.time()
            missing = float(self.path.read_text()) - offset
            if abs(missing) > NOTHING:
                self.traveller.shift(missing)

    def follow(self) -> None:
        """Keep following it, beside whatever runs."""
        threading.Thread(target=self._follow, daemon=True).start()

    def _follow(self) -> None:
        while True:
            self.look()
            time.sleep(LOOK_EVERY)
