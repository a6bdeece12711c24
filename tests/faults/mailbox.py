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
        super().__init__()
        self.mails = Diary(folder / "mails")
        self.file = folder / "moods"
        self.look()

    def look(self) -> None:
        told = json.loads(self.file.read_text())
        self.pause = told.get("pause", 0)
        self.moods, self.refusals = told.get("moods", {}), told.get("refusals", {})

    async def handle_MAIL(self, *args):
        return await self.after_a_look(super().handle_MAIL, args)

    async def handle_RCPT(self, *args):
        return await self.after_a_look(super().handle_RCPT, args)

    async def handle_DATA(self, *args):
        return await self.after_a_look(super().handle_DATA, args)

    async def after_a_look(self, handle, args):
        """What is kept and what is answered go by the same mood."""
        await asyncio.sleep(self.pause)
        self.look()
        return await handle(*args)


def main(port: str, folder: str) -> None:
    die_with_parent(signal.SIGKILL)
    Controller(Mailbox(Path(folder)), hostname="127.0.0.1", port=int(port)).start()
    print("ready", flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main(*sys.argv[1:])
