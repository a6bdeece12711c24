"""A real mail server on loopback that keeps what it gets, or behaves as badly as it is told."""

import asyncio
import socket
from contextlib import contextmanager

from aiosmtpd.controller import Controller

# What a server may do instead of answering.
HANG, DROP = "hang", "drop"


class Letterbox:
    """`moods` says how it behaves at MAIL, RCPT or CONTENT: an answer, HANG or DROP.

    `refusals` are answers to RCPT for single addresses. What arrived is kept also where the
    sender was not told so.
    """

    def __init__(self):
        self.mails = []
        self.connections = 0
        self.refusals = {}
        self.moods = {}

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        session.host_name = hostname
        self.connections += 1
        return responses

    async def handle_MAIL(self, server, session, envelope, address, options):
        envelope.mail_from = address
        return await self.answer("MAIL", server)

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return await self.answer("RCPT", server)

    async def handle_DATA(self, server, session, envelope):
        mood = self.moods.get("CONTENT", "2")
        if mood in (HANG, DROP) or mood.startswith("2"):
            self.mails.append((envelope.rcpt_tos[0], envelope.content.decode()))
        return await self.answer("CONTENT", server)

    async def answer(self, stage, server):
        mood = self.moods.get(stage, "250 OK")
        if mood == HANG:
            await asyncio.Event().wait()  # until the other side gives up and hangs up
        if mood == DROP:
            server.transport.abort()
        return mood

    @property
    def addresses(self):
        return [address for address, _ in self.mails]


@contextmanager
def serving(letterbox):
    """The port at which it answers."""
    controller = Controller(letterbox, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


def use(settings, port):
    """Let the product send its mail there."""
    settings.EMAIL_BACKEND = "campaign.reminders.smtp.Backend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_TIMEOUT = 2


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]
