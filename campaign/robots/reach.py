"""Which hosts a robot may reach: none of the own network, unless the installation says so.

Otherwise an administrator of the application could make the server talk to what only the server
can reach.
"""

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from organization.errors import Refused

Address = IPv4Address | IPv6Address


def refuse_own_network(host: str, port: int | None = None) -> None:
    """Raises Refused (code "private") for loopback, link-local and private targets.

    A name that leads nowhere is let through: nothing can be reached by it.
    """
    if is_gateway(host, port):
        return
    if any(not may_reach(address) for address in addresses_of(host)):
        raise Refused(
            _("这个地址在内部网络里。确实要用，请运维人员在 ROBOT_PRIVATE_ADDRESSES 里放行。"),
            code="private",
            field="address",
        )


def is_gateway(host: str, port: int | None) -> bool:
    """The company's own gateway is where robots are meant to go."""
    gateway = urlsplit(settings.ROBOT_GATEWAY)
    return bool(gateway.hostname) and (host, port) == (gateway.hostname, gateway.port)


def addresses_of(host: str) -> list[Address]:
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return [ip_address(where[0].partition("%")[0]) for *_rest, where in found]


def may_reach(address: Address) -> bool:
    address = getattr(address, "ipv4_mapped", None) or address
    if any(address in network for network in settings.ROBOT_PRIVATE_ADDRESSES):
        return True
    return address.is_global and not address.is_multicast
