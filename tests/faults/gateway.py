"""The gateway of the robots as a process of its own: its diary has each message.

Its answer is a word of ANSWERS in a file.
"""

import signal
import sys
import threading
from http.server import ThreadingHTTPServer
from pathlib import Path

from portal.serving import die_with_parent
from tests.faults.diary import Diary
from tests.webhooks import Received, drop, handler_of, never, no, ok, status

ANSWERS = {
    "ok": ok,
    "429": status(429),
    "500": status(500),
    "never": never,
    "drop": drop,
    # what WeCom says, with a status of 200, to more than 20 a minute
    "too many": no(45009, "api freq out of limit"),
}


# What certainly nobody in the group has read.
REFUSALS = {"429", "too many"}


class Gateway(threading.local):
    """What tests.webhooks' handler asks of its sink; each of its threads has one message."""

    def __init__(self, folder: Path):
        self.diary, self.file = Diary(folder / "messages"), folder / "answer"
        self.received, self.answer = self, "ok"
        self.asked, self.closing = threading.Event(), threading.Event()

    def append(self, message: Received) -> None:
        """What is kept and what is answered go by the same word."""
        self.answer = self.file.read_text()
        if self.answer not in REFUSALS:
            self.diary.append([message.path, message.query, message.text])

    def next_answer(self):
        return ANSWERS[self.answer]


def main(port: str, folder: str) -> None:
    die_with_parent(signal.SIGKILL)
    handler = handler_of(Gateway(Path(folder)))
    ThreadingHTTPServer(("127.0.0.1", int(port)), handler).serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
