"""A page of a campaign's rules: kept together or not at all, and never over what nobody saw."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from campaign.access import campaign_or_404
from campaign.models import Campaign
from organization.errors import Conflict, Refused, require
from organization.models import User
from scoring.models import CampaignResults


class Rules(Protocol):
    """A form, or several as one. `mark` tells what is stored, `seen` what stood on the page that
    was sent; with `is_conflict` the page shows both.
    """

    campaign: Campaign
    is_conflict: bool
    mark: str
    seen: str

    def __init__(self, campaign: Campaign, data: QueryDict | None = None): ...

    def is_valid(self) -> bool: ...

    def add_error(self, field: str | None, error: str) -> None: ...


@dataclass(frozen=True)
class RulesPage:
    """`name` is the address's; `context` what the template needs, `save` keeps what changed."""

    name: str
    permission: str
    template: str
    form: type[Rules]
    context: Callable[[Rules], dict]
    save: Callable[..., None]
    saved: object

    def answer(self, request: HttpRequest, code: str) -> HttpResponse:
        campaign = campaign_or_404(request, code)
        require(request.user, self.permission, campaign)
        if request.method == "POST":
            return self.keep(request, campaign)
        return self.show(request, self.form(campaign))

    def show(self, request: HttpRequest, form: Rules, status: int = 200) -> HttpResponse:
        context = {"campaign": form.campaign} | self.context(form)
        return render(request, self.template, context, status=status)

    def keep(self, request: HttpRequest, campaign: Campaign) -> HttpResponse:
        form = self.form(campaign, request.POST)
        if not form.is_valid():
            return self.show(request, form, status=422)
        try:
            self.write(form, by=request.user, at=timezone.now())
        except Conflict:
            form = self.form(campaign, request.POST)  # beside what is stored now
            form.is_conflict = True
            return self.show(request, form, status=409)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return self.show(request, form, status=422)
        messages.success(request, self.saved)
        return redirect(self.name, campaign.code)

    @transaction.atomic
    def write(self, form: Rules, *, by: User, at: datetime) -> None:
        campaign = form.campaign
        CampaignResults.objects.hold(campaign)
        campaign.refresh_from_db()
        if form.seen != self.form(campaign).mark:
            raise Conflict(_("您打开这一页之后，这些规则有了变化。"), theirs=campaign)
        self.save(form, campaign=campaign, by=by, at=at)
