"""A file that processes write lines into and that outlives them: what really happened."""

import json
import os
from pathlib import Path


class Diary:
    """One line is one event; each is written at once, so that a kill leaves whole lines."""

    def __init__(self, path: Path | str):
        self.path = Path(path)

    def append(self, event) -> None:
        line = json.dumps(event, ensure_ascii=False).encode() + b"\n"
        file = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(file, line)
        finally:
            os.close(file)

    def __iter__(self):
        lines = self.path.read_bytes().split(b"\n")[:-1] if self.path.exists() else []
        return map(json.loads, lines)

    def __len__(self):
        return self.path.read_bytes().count(b"\n") if self.path.exists() else 0

    def clear(self) -> None:
        self.path.write_bytes(b"")
