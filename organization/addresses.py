"""Where a request comes from."""

from ipaddress import ip_address, ip_network

from django.conf import settings

IPV6_HOME = 64  # what one household or one phone is given, and may change within at will


def client_address(request) -> str:
    """The address of whoever asks: of the PROXY_HOPS proxies in front, each adds the one it saw.

    What stands further left in the header the client may have written; it is never taken.
    Empty where there is none (a socket file).
    """
    seen = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    hops = settings.PROXY_HOPS
    behind = seen[-hops].strip() if 0 < hops <= len(seen) else ""
    return valid(behind) or valid(request.META.get("REMOTE_ADDR", ""))


def valid(text: str) -> str:
    try:
        return str(ip_address(text))
    except ValueError:
        return ""


def counted_as(address: str) -> str:
    """What one sender can't leave by taking another address: an IPv6 address's /64."""
    if ":" not in address:
        return address
    mapped = ip_address(address).ipv4_mapped
    return str(mapped or ip_network(f"{address}/{IPV6_HOME}", strict=False))
