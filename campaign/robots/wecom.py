"""WeCom (企业微信): the address is all that a group's robot needs."""

from campaign.robots.text import GroupText, as_markdown, bytes_of, fitted
from campaign.robots.webhooks import Answer, Codes, post

LIMIT = 4096  # bytes of markdown
CODES = Codes(
    name="errcode",
    words="errmsg",
    # no such robot or removed, switched off, not in the group any more
    revoked=frozenset({93000, 93004, 93008}),
    # the service is busy, too many messages, too many at once
    later=frozenset({-1, 45009, 45033}),
)


def send(address: str, secret: str, text: GroupText) -> Answer:
    content = fitted(text, as_markdown, LIMIT, bytes_of)
    return post(address, {"msgtype": "markdown", "markdown": {"content": content}}, CODES)
