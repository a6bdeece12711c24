"""The pages of an audit that the walk along the menus does not come to, as a browser sees them."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from campaign.models import Campaign
from inspections.callback.customers import keep_customers
from inspections.models import AuditVisit, Callee, DrawnQuestion, Observation, ScoreSheet
from inspections.words import Method
from organization.models import User
from tests.e2e.demo import demo, kept_demo  # noqa: F401 - fixtures
from tests.e2e.english import left_in_chinese, what_people_wrote
from tests.e2e.test_every_page import problems_of
from tests.inspections.calling import a_file, row

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
AUDITOR = "auditor"


def addresses() -> list[str]:
    """Visits under way and what is done on them, signing and what was signed, lists, the app."""
    campaign = Campaign.objects.get(code="demo")
    under_way = AuditVisit.objects.filter(campaign=campaign, finished_at=None)
    under_way = under_way.filter(started_at__isnull=False)
    calling = under_way.get(method=Method.CUSTOMER_CALLBACK)
    sheets = ScoreSheet.objects.audits().filter(campaign=campaign)
    to_fill = sheets.filter(submitted_at=None).first()
    to_sign = sheets.filter(submitted_at__isnull=False, sign_off=None).first()
    signed = sheets.filter(sign_off__isnull=False).first()
    in_campaign = [
        ("sheet", to_fill), ("sheet_log", to_fill), ("sheet_sign", to_sign),
        ("sheet_signed", signed), ("customer_import_check", upload_of(campaign)),
        ("calls", calling), ("callback_result", calling),
    ]  # fmt: skip
    things = [*under_way, *called(under_way), *asked(under_way)]
    pages = [reverse(name, args=[campaign.code, thing.pk]) for name, thing in in_campaign]
    pages += [thing.get_absolute_url() for thing in things]
    # where links from visits, questions and appeals lead: one card with its rows in full
    one = to_fill.rubric.items.order_by("order").first()
    pages.append(f"{to_fill.get_absolute_url()}?item={one.code}")
    pages.append(reverse("signed_print", args=[signed.sign_off.fingerprint]))
    # drafted only once its campaign has started
    Campaign.objects.filter(code="demo-2027").update(started_at=timezone.now())
    pages.append(reverse("audit_schedule_draft", args=["demo-2027"]))
    return pages + [reverse(name) for name in ("offline", "my_tokens")]


def called(visits) -> list[Callee]:
    """A customer who answered, and one who was not called."""
    callees = Callee.objects.filter(sample__visit__in=visits)
    return [callees.exclude(calls=None).first(), callees.filter(calls=None).first()]


def asked(visits) -> list[DrawnQuestion]:
    """A question that somebody answered, and one that nobody was asked."""
    drawn = DrawnQuestion.objects.filter(draw__visit__in=visits)
    return [drawn.exclude(answers=None).first(), drawn.filter(answers=None).first()]


def upload_of(campaign):
    """A list of which one customer is new and another has moved."""
    lines = [row(1, project="P10"), row(901, project="P10")]
    by = User.objects.get(username=AUDITOR)
    return keep_customers(campaign=campaign, upload=a_file(*lines), by=by, at=timezone.now())


def what_auditors_noted() -> re.Pattern:
    """It stands in the button that opens it again, in whatever language it was."""
    noted = Observation.objects.filter(sheet__submitted_at=None).exclude(note="")
    return re.compile("|".join(map(re.escape, noted.values_list("note", flat=True))))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_of_an_audit_stands(demo, sign_in, open_page, look, language):  # noqa: F811
    page = sign_in(AUDITOR)
    if language == "en":
        page.get_by_role("button", name="English").click()
    problems, theirs, notes = [], what_people_wrote(), what_auditors_noted()
    for number, address in enumerate(addresses()):
        answer = page.goto(address)
        wrong = problems_of(page, answer, language)
        if not page.url.endswith(address):
            wrong.append("leads elsewhere")
        if language == "en":
            left = [text for text in left_in_chinese(page, theirs) if not notes.search(text)]
            wrong += [f"not in English: {text}" for text in left]
        problems += [f"{address}: {problem}" for problem in wrong]
        look(page, f"{number:02}-{language}")
    problems += open_page.complaints
    open_page.complaints.clear()
    assert not problems, "\n".join(problems)
