"""A made file as an answer: always a download, under a name in the reader's language."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header


def download(data: bytes, name: str, mime: str) -> HttpResponse:
    response = HttpResponse(data, content_type=mime)
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response
