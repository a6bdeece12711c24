"""Posting to a service, and what came of it.

The services answer a wrong key or too many messages with HTTP 200 and a code in the body.
"""

import json
from dataclasses import dataclass
from itertools import islice

import requests
from django.utils.translation import gettext_noop
from requests.exceptions import ConnectTimeout, ProxyError, SSLError
from urllib3.exceptions import NewConnectionError

from campaign.reminders.senders import Outcome, Result

CONNECT_SECONDS, ANSWER_SECONDS = 5, 15
PIECE, MOST_PIECES = 8 * 1024, 16
LATER = {429, 503}
NO_CONNECTION = gettext_noop("连接不上对方")
NO_ANSWER = gettext_noop("内容发出后对方没有回答")
NOT_UNDERSTOOD = gettext_noop("对方的回答看不懂")


@dataclass(frozen=True)
class Answer(Result):
    """A result that may also say that the robot is gone for good."""

    is_revoked: bool = False


@dataclass(frozen=True)
class Codes:
    """What a service's codes mean; every other one that is not 0 is a no for good."""

    name: str
    words: str
    revoked: frozenset[int]
    later: frozenset[int]

    def judge(self, said: dict) -> Answer | None:
        """None where the service said nothing."""
        code = said.get(self.name)
        if not isinstance(code, int):
            return None
        if code == 0:
            return Answer(Outcome.SENT)
        error = f"{self.name} {code}: {said.get(self.words, '')}"
        if code in self.later:
            return Answer(Outcome.LATER, error)
        return Answer(Outcome.REFUSED, error, is_revoked=code in self.revoked)


def post(address: str, content: dict, codes: Codes) -> Answer:
    """One message, once. No exception of the library leaves: they repeat the whole address."""
    try:
        response = requests.post(
            address,
            data=as_json(content),
            headers={"Content-Type": "application/json; charset=utf-8"},
            timeout=(CONNECT_SECONDS, ANSWER_SECONDS),
            allow_redirects=False,
            stream=True,
        )
    except requests.ConnectionError as error:
        return not_connected(error)
    except requests.RequestException:
        return Answer(Outcome.UNKNOWN, NO_ANSWER)
    with response:
        return judged(response.status_code, read(response), codes)


def as_json(content: dict) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode()


def not_connected(error: requests.ConnectionError) -> Answer:
    """Nothing left, where there was no connection; else it may have been cut off in the middle."""
    reason = getattr(error.args[0], "reason", None) if error.args else None
    before = isinstance(error, ConnectTimeout | ProxyError | SSLError)
    if before or isinstance(reason, NewConnectionError):
        return Answer(Outcome.LATER, NO_CONNECTION)
    return Answer(Outcome.UNKNOWN, NO_ANSWER)


def read(response: requests.Response) -> bytes:
    """The answer's text, as far as it comes; it is a short one."""
    try:
        return b"".join(islice(response.iter_content(PIECE), MOST_PIECES))
    except requests.RequestException:
        return b""


def judged(status: int, text: bytes, codes: Codes) -> Answer:
    if status in LATER:
        return Answer(Outcome.LATER, f"HTTP {status}")
    if status >= 500:
        return Answer(Outcome.UNKNOWN, f"HTTP {status}")
    answer = codes.judge(understood(text))
    if answer and (status < 300 or answer.outcome != Outcome.SENT):
        return answer
    if status < 300:
        return Answer(Outcome.UNKNOWN, NOT_UNDERSTOOD)
    return Answer(Outcome.REFUSED, f"HTTP {status}")


def understood(text: bytes) -> dict:
    try:
        said = json.loads(text)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
