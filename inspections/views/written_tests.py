"""A visit by written test: choose its exam, take what its results show."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from inspections.forms.written_tests import TestObservationForm
from inspections.models import AuditVisit
from inspections.views.post_asking import visit_or_404
from inspections.written_test.linking import exams_for, link_exam, observe_exam
from inspections.written_test.page import TestPage
from organization.errors import Refused, require
from organization.numbers import whole


@require_POST
def choose(request, campaign, pk):
    visit = visit_or_404(request, campaign, pk)
    exam = get_object_or_404(exams_for(visit), pk=whole(request.POST.get("exam", "")))
    try:
        link_exam(visit=visit, exam=exam, by=request.user, at=timezone.now())
        messages.success(request, _("已选定考试。"))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(visit)


@require_POST
def observe(request, campaign, pk):
    """What is refused comes back with everything that was typed."""
    visit = visit_or_404(request, campaign, pk)
    page = TestPage(visit, request.user, timezone.now())
    if page.exam:
        require(request.user, "inspections.open_sheet", page.exam.specialty)
    form = TestObservationForm(request.POST, page=page)
    if not form.is_valid():
        return shown(request, visit, page, form)
    try:
        observe_exam(visit=visit, by=request.user, at=timezone.now(), **form.entry())
    except Refused as refusal:
        form.add_error("points" if refusal.field == "points" else None, str(refusal))
        return shown(request, visit, page, form)
    messages.success(request, _("已记到评分表上。"))
    return redirect(visit)


def shown(request, visit: AuditVisit, page: TestPage, form: TestObservationForm):
    context = {"campaign": visit.campaign, "visit": visit, "test": page, "test_form": form}
    return render(request, "inspections/written_test.html", context, status=422)
