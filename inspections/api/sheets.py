"""Sheets that one may see, and a sheet with all that a client needs without a network."""

from django.http import Http404
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field

from campaign.access import visible_campaign
from campaign.models import Campaign
from inspections.api.pack_shapes import Pack, SheetListed
from inspections.models import ScoreSheet
from inspections.sync.pack import pack_of
from organization.problems import PROBLEMS

router = Router(tags=["sheets"])
LARGEST = 2**63 - 1
PAGE = 500  # sheets of one answer


class Wanted(Schema):
    campaign: str = Field(max_length=60, description="the campaign's code")
    after: int = Field(0, ge=0, le=LARGEST, description="the last id of the answer before")


class Listed(Schema):
    """Up to 500 sheets by their ids; `more` says whether to ask again after the last one."""

    sheets: list[SheetListed]
    more: bool


@router.get("/sheets", response={200: Listed} | PROBLEMS, operation_id="list_sheets")
def list_sheets(request, asked: Query[Wanted]):
    """The sheets of a campaign that one may see."""
    campaign = visible_campaign(request.user, asked.campaign.replace("\0", ""))
    if campaign is None:
        raise Http404
    shown = seen_by(request.user).filter(campaign=campaign, pk__gt=asked.after).order_by("pk")
    found = list(shown[: PAGE + 1])
    fills = [request.user.has_perm("inspections.fill_sheet", sheet) for sheet in found]
    listed = [SheetListed.of(*each) for each in zip(found, fills, strict=True)]
    return {"sheets": listed[:PAGE], "more": len(found) > PAGE}


@router.get("/sheets/{int:pk}/pack", response={200: Pack} | PROBLEMS, operation_id="pack_sheet")
def pack_sheet(request, pk: int):
    """A sheet with its rubric, what stands on it, its project's findings, and phrases."""
    sheet = seen_by(request.user).filter(pk=pk).first() if pk <= LARGEST else None
    if sheet is None:
        raise Http404
    return pack_of(sheet, reader=request.user, at=timezone.now())


def seen_by(user):
    campaigns = Campaign.objects.visible_to(user)
    shown = ScoreSheet.objects.visible_to(user).filter(campaign__in=campaigns)
    return shown.select_related("campaign__results", "project", "specialty", "rubric")
