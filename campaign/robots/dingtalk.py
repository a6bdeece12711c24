"""DingTalk (钉钉): the address, and a signature of the moment where the group asks for one."""

import base64
import hashlib
import hmac
import time
from urllib.parse import urlencode

from campaign.robots.text import GroupText, as_markdown, bytes_of, fitted
from campaign.robots.webhooks import Answer, Codes, post

LIMIT = 20_000  # bytes of markdown
CODES = Codes(
    name="errcode",
    words="errmsg",
    # no such token, the group is gone, no such token, switched off, no such robot
    revoked=frozenset({300001, 300005, 400013, 400101, 400102, 400106}),
    # the service is busy, and its several ways to say too many
    later=frozenset({-1, 90018, 90030, 130101, 410100}),
)


def send(address: str, secret: str, text: GroupText) -> Answer:
    if secret:
        address = f"{address}&{urlencode(signed(secret, time.time()))}"
    content = {"title": text.title, "text": fitted(text, as_markdown, LIMIT, bytes_of)}
    return post(address, {"msgtype": "markdown", "markdown": content}, CODES)


def signed(secret: str, seconds: float) -> dict[str, str]:
    """The service takes it for an hour, by its own clock."""
    timestamp = str(round(seconds * 1000))
    words = f"{timestamp}\n{secret}".encode()
    code = hmac.new(secret.encode(), words, hashlib.sha256).digest()
    return {"timestamp": timestamp, "sign": base64.b64encode(code).decode()}
