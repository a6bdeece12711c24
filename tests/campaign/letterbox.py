"""A real mail server on loopback that keeps what it gets, or refuses it as told."""

import socket


class Letterbox:
    def __init__(self):
        self.mails = []
        self.refusals = {}
        self.after_data = "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.mails.append((envelope.rcpt_tos[0], envelope.content.decode()))
        if self.after_data is None:
            server.transport.abort()
        return self.after_data or "250 OK"

    @property
    def addresses(self):
        return [address for address, _ in self.mails]


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]
