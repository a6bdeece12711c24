"""Feishu (飞书): a rich text without markdown; the signature stands in the body."""

import base64
import hashlib
import hmac
import time

from campaign.robots.text import GroupText, Line, fitted
from campaign.robots.webhooks import Answer, Codes, as_json, post

LIMIT = 20_000  # bytes of the whole body
CODES = Codes(
    name="code",
    words="msg",
    revoked=frozenset({19001}),
    later=frozenset({11232, 99991400}),
)


def send(address: str, secret: str, text: GroupText) -> Answer:
    signature = signed(secret, time.time()) if secret else {}

    def content(text: GroupText) -> dict:
        said = {"title": text.title, "content": paragraphs(text)}
        return signature | {"msg_type": "post", "content": {"post": {"zh_cn": said}}}

    made = fitted(text, content, LIMIT, lambda made: len(as_json(made)))
    return post(address, made, CODES)


def paragraphs(text: GroupText) -> list[list[dict]]:
    found = []
    for block in text.blocks:
        if block.heading:
            found.append([words(Line(block.heading))])
        found += [[words(Line("· ")), words(line)] for line in block.lines]
    return [*found, [words(text.end)]]


def words(line: Line) -> dict:
    if not line.url:
        return {"tag": "text", "text": line.text}
    return {"tag": "a", "text": line.text, "href": line.url}


def signed(secret: str, seconds: float) -> dict[str, str]:
    """The service takes it for an hour. What is signed is nothing, with both as the key."""
    timestamp = str(round(seconds))
    code = hmac.new(f"{timestamp}\n{secret}".encode(), b"", hashlib.sha256).digest()
    return {"timestamp": timestamp, "sign": base64.b64encode(code).decode()}
