"""Signing a sheet on the screen, and the signed sheet: page, PDF, and whether it is on record."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from inspections.forms.signing import SignForm
from inspections.models import ScoreSheet, SignOff
from inspections.sheet.ledger import ledger_of
from inspections.sheet.reading import read_whole
from inspections.signing.content import content_of, mark_of
from inspections.signing.reading import Reading
from inspections.signing.sign_off import sign_off
from inspections.signing.signed_page import SignedPage, signed_pdf
from inspections.signing.states import may_sign
from inspections.signing.verifying import is_intact
from inspections.views.sheets import sheet_or_404
from organization.downloads import download
from organization.errors import Conflict, Refused, require


@require_http_methods(["GET", "HEAD", "POST"])
def sign(request, campaign, pk):
    """What is signed, with a field for each signature; once it is signed, the signed page."""
    sheet = sheet_or_404(request, campaign, pk)
    require(request.user, "inspections.sign_sheet", sheet)
    if request.method == "POST":
        return keep(request, sheet)
    if sheet.signing_refused is not None:
        return redirect("sheet_signed", campaign, pk)
    read_whole(sheet)
    content = content_of(sheet)
    form = SignForm(sheet, timezone.now(), initial={"seen": mark_of(content)})
    return show(request, sheet, form, content)


def keep(request, sheet: ScoreSheet):
    at = timezone.now()
    form = SignForm(sheet, at, request.POST)
    try:
        if not form.is_valid():
            raise Refused(_("请选择或填写项目方签字人。"), code="nobody", field="who")
        made = sign_off(
            sheet=sheet,
            auditor=form.auditor,
            manager=form.manager,
            by=request.user,
            at=at,
            seen=form.cleaned_data["seen"],
        )
    except Conflict as conflict:
        return overtaken(request, sheet, form, conflict)
    except Refused as refusal:
        return show(request, sheet, form, content_of(sheet), refusal, status=422)
    words = _("已记下项目拒签，申诉期从现在算起。") if made.refused else _("双方已签字，已存档。")
    messages.success(request, words)
    return redirect("sheet_signed", sheet.campaign.code, sheet.pk)


def overtaken(request, sheet: ScoreSheet, form: SignForm, conflict: Conflict):
    """The sheet changed: shown as it is now beside what was drawn; who sends once more has seen
    it.
    """
    form.data = form.data.copy()
    form.data["seen"] = mark_of(conflict.theirs)
    return show(request, sheet, form, conflict.theirs, conflict, status=409)


def show(request, sheet: ScoreSheet, form, content: dict, refusal=None, status=200):
    context = {
        "campaign": sheet.campaign,
        "sheet": sheet,
        "form": form,
        "what": Reading(content),
        "may_sign": may_sign(sheet, request.user),
        "allow_extra": ledger_of(sheet).allow_extra,
        "refused": refusal,
        "wrong": refusal.field if refusal else "",
    }
    return render(request, "inspections/sheet_sign.html", context, status=status)


@require_safe
def signed(request, campaign, pk):
    page = signed_page_or_404(request, campaign, pk)
    context = {"campaign": page.sheet.campaign, "sheet": page.sheet, "page": page}
    return render(request, "inspections/sheet_signed.html", context)


@require_safe
def pdf(request, campaign, pk):
    page = signed_page_or_404(request, campaign, pk)
    try:
        data = signed_pdf(page, at=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("sheet_signed", campaign, pk)
    name = _("签字确认-%(project)s-%(specialty)s.pdf")
    words = {"project": page.what.project, "specialty": page.what.specialty}
    return download(data, name % words, "application/pdf")


def signed_page_or_404(request, code: str, pk: int) -> SignedPage:
    sheet = sheet_or_404(request, code, pk)
    found = SignOff.objects.filter(sheet=sheet).first()
    if found is None:
        raise Http404
    found.sheet = sheet
    return SignedPage(found)


@require_safe
def print_on_record(request, fingerprint):
    """Where the QR code leads. For everybody who is signed in: it tells no points and no names of
    people. 404 with a page that says so for a fingerprint that is not on record.
    """
    related = ("sheet__campaign", "sheet__project", "sheet__specialty")
    found = SignOff.objects.filter(fingerprint=fingerprint).select_related(*related).first()
    context = {"fingerprint": fingerprint, "found": found}
    if found is None:
        return render(request, "inspections/signed_print.html", context, status=404)
    sheets = ScoreSheet.objects.visible_to(request.user)
    context["may_see"] = sheets.filter(pk=found.sheet_id).exists()
    context["is_intact"] = is_intact(found)
    return render(request, "inspections/signed_print.html", context)
