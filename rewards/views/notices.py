"""Notices of an approved settlement: everybody's own, a project's for its manager, all."""

import io
import zipfile

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from campaign.access import campaign_or_404
from organization.downloads import download
from organization.errors import Refused, require
from organization.files import WORD
from organization.memory import piece_by_piece
from organization.models import Project, User
from rewards.documents.notice_list import PER_PAGE, EveryProject, people_of
from rewards.documents.notices import Maker, approved_settlement, person_notices, project_notices
from rewards.models import NoticeKind
from rewards.own_lines import campaign_of_reader_or_404, own_projects

MOST = 500  # notices in one archive: about half a minute of work
ZIP = "application/zip"
FORMS = ("word", "pdf")


@require_safe
def page(request, campaign):
    """The notices that the reader may have; who sees the settlement, all of them."""
    held = campaign_of_reader_or_404(request, campaign)
    settlement = approved_settlement(held)
    context = {"campaign": held, "settlement": settlement}
    if settlement:
        context |= found_for(request, held, settlement)
    return render(request, "rewards/notices.html", context)


def found_for(request, campaign, settlement) -> dict:
    reader, search = request.user, request.GET.get("q", "").strip()[:60]
    own = own_projects(settlement, reader)
    if not reader.has_perm("rewards.see_settlement", campaign):
        managed = [
            each
            for each in with_final(campaign).filter(pk__in=reader.project_ids)
            if reader.has_perm("rewards.project_notice", each)
        ]
        return {"own": own, "managed": managed}
    projects = EveryProject(campaign)
    if search:
        named = Q(name__icontains=search) | Q(code__icontains=search)
        projects = with_final(campaign).filter(named)
    shown = Paginator(projects, PER_PAGE).get_page(request.GET.get("page"))
    return {
        "own": own,
        "sees_all": True,
        "search": search,
        "page": shown,
        "people": people_of(settlement, shown),
    }


def with_final(campaign):
    return campaign.projects.filter(standings__in=campaign.standings.ranked()).order_by("code")


@require_safe
def person(request, campaign, username, form):
    """One person's, for that person and for who sees the settlement; for others it is not there."""
    held = campaign_of_reader_or_404(request, campaign)
    settlement = approved_or_404(held)
    if request.user.username != username and not request.user.has_perm(
        "rewards.see_settlement", held
    ):
        raise Http404
    who = get_object_or_404(User, username=username)
    return answer(request, settlement, NoticeKind.PERSON, person_notices(settlement, who), form)


@require_safe
def project(request, campaign, code, form):
    """One project's, for its manager and for who sees the settlement."""
    held = campaign_or_404(request, campaign)
    settlement = approved_or_404(held)
    found = get_object_or_404(Project, participations__campaign=held, code=code)
    if not request.user.has_perm("rewards.see_settlement", held):
        require(request.user, "rewards.project_notice", found)
    notices = project_notices(settlement, found)
    return answer(request, settlement, NoticeKind.PROJECT, notices, form)


def approved_or_404(campaign):
    settlement = approved_settlement(campaign)
    if settlement is None:
        raise Http404
    return settlement


def answer(request, settlement, kind, notices, form):
    if not notices or form not in FORMS:
        raise Http404
    notice, maker = notices[0], Maker(kind, settlement)
    name = f"{settlement.campaign.code}-{notice.key}-{notice.words}"
    if form == "word":
        return download(maker.word(notice), f"{name}.docx", WORD)
    try:
        return download(maker.pdf(notice), f"{name}.pdf", "application/pdf")
    except Refused as refusal:
        messages.error(request, refusal)
        return redirect("notices", settlement.campaign.code)


@require_safe
def archive(request, campaign, kind):
    """All of a kind as Word files in a ZIP; more than 500 come in parts (`?part=2`)."""
    held = campaign_or_404(request, campaign)
    require(request.user, "rewards.see_settlement", held)
    settlement = approved_or_404(held)
    if kind not in NoticeKind.values:
        raise Http404
    gather = person_notices if kind == NoticeKind.PERSON else project_notices
    parts = Paginator(gather(settlement), MOST)
    part = parts.get_page(request.GET.get("part"))
    maker, out = Maker(kind, settlement), io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for notice in piece_by_piece(part):
            packed.writestr(f"{notice.key}-{notice.words}.docx", maker.word(notice))
    said = f"-{part.number}" if parts.num_pages > 1 else ""
    called = _("通知书")
    return download(out.getvalue(), f"{called}-{held.code}-{kind}{said}.zip", ZIP)
