"""How the API says no: problem details (RFC 9457), one shape for whatever went wrong."""

from http import HTTPStatus

from ninja import Schema
from pydantic import Field

MIME = "application/problem+json"


class Problem(Schema):
    """What went wrong: `code` names the rule for programs, `field` the input it is about."""

    type: str = Field("about:blank", description="always about:blank: `code` tells problems apart")
    title: str
    status: int
    detail: str = ""
    code: str = ""
    field: str = ""


def problem(status: int, *, detail: str = "", code: str = "", field: str = "") -> Problem:
    title = HTTPStatus(status).phrase
    said = {"detail": detail or title, "code": code or title.lower().replace(" ", "_")}
    return Problem(title=title, status=status, field=field, **said)


# What any operation may answer instead of what it is for.
PROBLEMS = dict.fromkeys((400, 401, 403, 404, 413, 415, 422, 429), Problem)
