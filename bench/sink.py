"""The least that a mail server can be: says yes to everything and counts the mails it got.

    python -m bench.sink

Prints its port at once, and the number of mails when its standard input closes.
"""

import asyncio
import sys


class Session(asyncio.Protocol):
    mails = 0

    def connection_made(self, transport):
        self.transport, self.rest, self.in_content = transport, b"", False
        self.say(b"220 sink")

    def say(self, words: bytes) -> None:
        self.transport.write(words + b"\r\n")

    def data_received(self, data):
        self.rest += data
        while self.step():
            pass

    def step(self) -> bool:
        """Take one command, or one mail, of what has come; False where it is not all there."""
        end = b"\r\n.\r\n" if self.in_content else b"\r\n"
        taken, found, rest = self.rest.partition(end)
        if not found:
            return False
        self.rest = rest
        if self.in_content:
            self.in_content = False
            Session.mails += 1
            self.say(b"250 taken")
        else:
            self.answer(taken[:4].upper())
        return True

    def answer(self, command: bytes) -> None:
        self.in_content = command == b"DATA"
        self.say(b"354 go ahead" if self.in_content else b"250 yes")
        if command == b"QUIT":
            self.transport.close()


async def main() -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Session, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    print(Session.mails, flush=True)


asyncio.run(main())
