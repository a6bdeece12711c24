"""A document as a download, as PDF or as Word."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect

from organization.downloads import download
from organization.errors import Refused
from organization.papers import FORMATS, Paper

BY_ENDING = {each.ending: each for each in FORMATS.values()}


def paper_response(request, paper: Paper, ending: str):
    """Where the machine cannot make it, back to the page with the reason."""
    if ending not in BY_ENDING:
        raise Http404
    wanted = BY_ENDING[ending]
    try:
        data = wanted.make(paper)
    except Refused as refusal:
        messages.error(request, refusal)
        return redirect(request.path.rpartition("/papers/")[0] + "/")
    return download(data, f"{paper.title}.{ending}", wanted.mime)
