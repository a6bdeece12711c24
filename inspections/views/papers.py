"""A document as a download, as PDF or as Word."""

from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from organization.errors import Refused
from organization.files import WORD
from organization.papers import Paper, as_pdf, as_word

TYPES = {"pdf": ("application/pdf", as_pdf), "docx": (WORD, as_word)}


def paper_response(request, paper: Paper, ending: str):
    """Where the machine cannot make it, back to the page with the reason."""
    if ending not in TYPES:
        raise Http404
    mime, made = TYPES[ending]
    try:
        response = HttpResponse(made(paper), content_type=mime)
    except Refused as refusal:
        messages.error(request, refusal)
        return redirect(request.path.rpartition("/papers/")[0] + "/")
    name = quote(f"{paper.title}.{ending}")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return response
