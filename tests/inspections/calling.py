"""Call-backs to play with: a list of made-up customers, a questionnaire, a visit under way."""

import uuid

from django.core.files.uploadedfile import SimpleUploadedFile

from inspections.audit_visit.carrying_out import start_visit
from inspections.audit_visit.changes import add_visit
from inspections.callback.calls import Said, record_call
from inspections.callback.customers import confirm_customers, keep_customers
from inspections.callback.questionnaire import USUAL, Asked, write_questionnaire
from inspections.callback.sampling import draw_customers
from inspections.callback.words import CallOutcome
from inspections.models import Call
from inspections.words import Method
from tests import cast
from tests.lists import text

AT = cast.NOW
HEADS = ("项目", "姓名", "房号", "电话", "客户类型")
PHONE = "1990000{:04}"
ANSWERED, MISSED, DECLINED = CallOutcome.ANSWERED, CallOutcome.NOT_REACHED, CallOutcome.REFUSED


def row(number, project="P01", kind="业主", **changes):
    cells = {
        "project": project, "name": f"试用户{number}", "unit": f"1-{number:04}",
        "phone": PHONE.format(number), "kind": kind,
    }  # fmt: skip
    return list((cells | changes).values())


def rows(count, **changes):
    return [row(number, **changes) for number in range(1, count + 1)]


def a_file(*lines, heads=HEADS):
    return SimpleUploadedFile("customers.csv", text(heads, *lines), "text/csv")


def listed(company, count=20, *, by=None, at=AT, lines=None):
    """A list taken in whole."""
    file, by = a_file(*(lines or rows(count))), by or company.center
    kept = keep_customers(campaign=company.campaign, upload=file, by=by, at=at)
    return confirm_customers(upload=kept, by=by, at=at)


def questionnaire(company, *, requirement="", at=AT):
    asked = [Asked(*each) for each in USUAL[:2]]
    asked[0] = Asked(*USUAL[0], requirement)
    return write_questionnaire(campaign=company.campaign, questions=asked, by=company.center, at=at)


def under_way(company, *, project=None, at=AT, **changes):
    asked = {
        "project": project or company.one, "day": at.date(), "auditors": [company.auditor],
        "method": Method.CUSTOMER_CALLBACK, "by": company.center,
    }  # fmt: skip
    visit = add_visit(campaign=company.campaign, at=at, **asked | changes)
    return start_visit(visit=visit, by=company.auditor, at=at)


def drawn(company, *, count=20, at=AT, visit=None, requirement=""):
    """A visit under way that has drawn from a list of `count`."""
    listed(company, count, at=at)
    questionnaire(company, requirement=requirement, at=at)
    visit = visit or under_way(company, at=at)
    return draw_customers(visit=visit, by=company.auditor, at=at)


def callees(sample):
    found = list(sample.callees.select_related("customer").order_by("place"))
    for each in found:
        each.sample = sample
    return found


def call(callee, by, outcome=ANSWERED, *, grades=(5, 4), at=AT, corrects=None, id=None, **words):
    questions = callee.sample.questionnaire.questions.order_by("order")
    keys = [question.pk for question in questions]
    answers = dict(zip(keys, grades, strict=False)) if outcome == ANSWERED else {}
    said = Said(outcome, {key: grade for key, grade in answers.items() if grade}, **words)
    return record_call(
        callee=callee, id=id or uuid.uuid4(), said=said, by=by, at=at, corrects=corrects
    )


def standing(callee):
    return list(Call.objects.standing().filter(callee=callee))
