"""A made file as an answer, under a name in the reader's language."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header


def download(data: bytes, name: str, mime: str, *, inline: bool = False) -> HttpResponse:
    response = HttpResponse(data, content_type=mime)
    response["Content-Disposition"] = content_disposition_header(not inline, name)
    return response
