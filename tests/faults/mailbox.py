"""The mail server as a process of its own: its diary has each mail, its moods come from a file."""

import asyncio
import json
import signal
import sys
import threading
from pathlib import Path

from aiosmtpd.controller import Controller

from portal.serving import die_with_parent
from tests.campaign.letterbox import Letterbox
from tests.faults.diary import Diary


class Mailbox(Letterbox):
    """Writes a mail down before it answers, so the diary has whatever may have arrived.

    The file of moods may also have `pause`, seconds before each answer.
    """

    def __init__(self, folder: Path):
        self.connections = 0
        self.mails = Diary(folder / "mails")
        self.file = folder / "moods"

    @property
    def told(self) -> dict:
        return json.loads(self.file.read_text())

    @property
    def moods(self) -> dict:
        return self.told.get("moods", {})

    @property
    def refusals(self) -> dict:
        return self.told.get("refusals", {})

    async def answer(self, stage, server):
        await asyncio.sleep(self.told.get("pause", 0))
        return await super().answer(stage, server)


def main(port: str, folder: str) -> None:
    die_with_parent(signal.SIGKILL)
    Controller(Mailbox(Path(folder)), hostname="127.0.0.1", port=int(port)).start()
    print("ready", flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
