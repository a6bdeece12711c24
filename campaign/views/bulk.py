"""What a list of obligations does with its ticks, on whichever page it stands."""

from dataclasses import dataclass, field

from django.contrib import messages

from campaign.bulk import Outcome, decide_many, picked
from campaign.forms import BulkForm


@dataclass
class Answer:
    """302 when everything was done; else the page is shown again with ticks and reason."""

    status: int
    outcome: Outcome
    ticked: set[int] = field(default_factory=set)
    reason: str = ""


def decided(request, seen, at) -> Answer:
    """Do what the pressed button says to what was ticked among `seen`."""
    ticks = picked(request.POST.getlist("chosen"))
    form = BulkForm(request.POST)
    reason = request.POST.get("reason", "")
    if not form.is_valid():
        return Answer(200, Outcome(wrong=form.errors), set(ticks), reason)
    outcome = decide_many(seen, ticks, by=request.user, at=at, **form.cleaned_data)
    if outcome.words:
        messages.success(request, outcome.words)
    if outcome.is_whole:
        return Answer(302, outcome)
    status = 409 if outcome.is_conflict else 200
    return Answer(status, outcome, set(ticks) if outcome.wrong else outcome.left, reason)
