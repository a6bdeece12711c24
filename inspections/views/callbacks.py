"""A call-back visit for its auditors: the draw, each customer's page, the number for dialling."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from campaign.access import campaign_or_404
from inspections.callback.call_page import CalleePage, CallPage
from inspections.callback.calls import record_call, reveal
from inspections.callback.complaints import place_named, put_on_sheet
from inspections.callback.sampling import draw_customers
from inspections.callback.words import CallOutcome
from inspections.forms.callbacks import CallForm, PutForm
from inspections.models import AuditVisit, Call, CallbackSample, Callee
from inspections.words import Method
from organization.errors import Conflict, Refused, move_of, require

UNPROCESSABLE, STALE = 422, 409


def visit_or_404(request, campaign: str, pk: int) -> AuditVisit:
    """A call-back that the reader may know of."""
    held = campaign_or_404(request, campaign)
    visible = AuditVisit.objects.visible_to(request.user).filter(campaign=held)
    visible = visible.filter(method=Method.CUSTOMER_CALLBACK).select_related("project")
    found = get_object_or_404(visible, pk=pk)
    found.campaign = held
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def calls(request, campaign, pk):
    """Whom the visit calls; a POST draws them."""
    visit = visit_or_404(request, campaign, pk)
    require(request.user, "inspections.call_back", visit)
    if request.method == "POST":
        try:
            draw_customers(visit=visit, by=request.user, at=timezone.now())
        except Refused as refusal:
            messages.warning(request, str(refusal))
        return redirect("calls", visit.campaign.code, visit.pk)
    context = {"campaign": visit.campaign, "visit": visit, "page": CallPage(visit)}
    return render(request, "inspections/calls.html", context)


# --- one customer ------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def callee(request, campaign, pk, place):
    visit = visit_or_404(request, campaign, pk)
    require(request.user, "inspections.call_back", visit)
    found = callee_or_404(visit, place)
    if request.method != "POST":
        return show(request, found, call=to_correct(found, request.GET.get("correct", "")))
    do = "reveal" if "reveal" in request.POST else request.POST.get("do")
    return move_of(MOVES, do)(request, found)


def callee_or_404(visit: AuditVisit, place: int) -> Callee:
    sample = CallbackSample.objects.filter(visit=visit).select_related("questionnaire").first()
    if sample is None:
        raise Http404
    sample.visit = visit
    found = get_object_or_404(sample.callees.select_related("customer"), place=place)
    found.sample = sample
    return found


def to_correct(found: Callee, id: str) -> Call | None:
    """The row that the address wants corrected, as long as it stands."""
    standing = found.calls.standing().prefetch_related("answers")
    return next((each for each in standing if str(each.pk) == id), None) if id else None


def questions_of(found: Callee) -> list:
    return list(found.sample.questionnaire.questions.order_by("order"))


def show(request, found: Callee, *, form=None, call=None, phone="", put=None, status=200):
    """The page; one with a number in clear is kept nowhere."""
    page = CalleePage(found, request.user, timezone.now())
    may_call = page.is_open or call or form
    questions = questions_of(found)
    context = {
        "campaign": page.visit.campaign,
        "visit": page.visit,
        "callee": found,
        "page": page,
        "phone": phone,
        "call": call,
        "put": put,
        "form": (form or CallForm(questions=questions, call=call)) if may_call else None,
    }
    answer = render(request, "inspections/callee.html", context, status=status)
    if phone:
        answer["Cache-Control"] = "no-store"
    return answer


def revealed(request, found: Callee):
    """The number, with whatever was typed before somebody dialled."""
    try:
        phone = reveal(callee=found, by=request.user, at=timezone.now())
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return redirect(found)
    form = CallForm.as_typed(questions_of(found), request.POST)
    return show(request, found, form=form, phone=phone)


def called(request, found: Callee):
    form = CallForm(request.POST, questions=questions_of(found))
    if not form.is_valid():
        return show(request, found, form=form, status=UNPROCESSABLE)
    data = form.cleaned_data
    corrects = get_object_or_404(found.calls, pk=data["corrects"]) if data["corrects"] else None
    try:
        call = record_call(
            callee=found, id=data["id"], said=form.said, corrects=corrects, by=request.user,
            at=timezone.now(),
        )  # fmt: skip
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        status = STALE if isinstance(refusal, Conflict) else UNPROCESSABLE
        return show(request, found, form=form, status=status)
    messages.success(request, _("%(callee)s：%(outcome)s，已保存。") % {
        "callee": found, "outcome": call.get_outcome_display()
    })  # fmt: skip
    stays = call.outcome == CallOutcome.ANSWERED
    return redirect(found.get_absolute_url() if stays else calls_address(found))


def calls_address(found: Callee) -> str:
    visit = found.sample.visit
    return reverse("calls", args=[visit.campaign.code, visit.pk])


def put_there(request, found: Callee):
    """The complaint or low answer on the sheet: by its question, or where the auditor says."""
    form = PutForm(request.POST)
    page = CalleePage(found, request.user, timezone.now())
    if not form.is_valid():
        return show(request, found, put=form, status=UNPROCESSABLE)
    data = form.cleaned_data
    tied = {matter.code: (matter, place) for matter, place, _row in page.matters}
    if data["matter"] not in tied:
        raise Http404
    matter, place = tied[data["matter"]]
    if data["place"]:
        place = place_named(data["place"], page.sheets)
    try:
        put_on_sheet(
            matter=matter, place=place, points=data["points"], by=request.user, at=timezone.now()
        )
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return show(request, found, put=form, status=UNPROCESSABLE)
    messages.success(request, _("已记入评分表。"))
    return redirect(found)


MOVES = {"reveal": revealed, "call": called, "put": put_there}
