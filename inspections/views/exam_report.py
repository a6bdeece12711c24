"""The exam report: as a document to take along, or kept with the obligation that asks for it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from inspections.exam.access import exam_or_404
from inspections.exam.report import file_report, report_file
from organization.downloads import download
from organization.errors import Refused, require
from organization.papers import FORMATS
from organization.replica import may_lag


@may_lag
@require_safe
def report(request, campaign, pk, kind):
    exam = exam_or_404(request, campaign, pk)
    require(request.user, "inspections.read_exam", exam)
    if kind not in FORMATS:
        raise Http404
    try:
        return download(*report_file(exam, kind, at=timezone.now()))
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(exam)


@require_POST
def report_keep(request, campaign, pk):
    """One press: the report becomes a file of the obligation, and its page opens."""
    exam = exam_or_404(request, campaign, pk)
    require(request.user, "inspections.run_exam", exam)
    try:
        evidence = file_report(exam=exam, by=request.user, at=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("考试报告已存入任务资料，核对后可以提交。"))
        return redirect(evidence.obligation)
    return redirect(exam)
