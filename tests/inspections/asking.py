"""Post questions to play with: a bank, a visit under way, what was drawn and answered."""

import uuid
from datetime import date

from inspections.audit_visit.carrying_out import start_visit
from inspections.audit_visit.changes import add_visit
from inspections.post_question.bank import Content, add_question
from inspections.words import Method
from organization.roles import Role
from tests import cast

AT = cast.NOW
DAY = date(2011, 11, 28)


def content(company, text="业主来电，几声内接听？", **changes) -> Content:
    fields = {
        "specialty": company.lines["customer_service"],
        "role": Role.EMPLOYEE,
        "text_zh": text,
        "answer_zh": "三声内接听，先报项目名称和姓名。",
        "text_en": f"In English: {text}",
        "answer_en": "By the third ring.",
    }
    return Content(**fields | changes)


def question(company, text="业主来电，几声内接听？", **changes):
    return add_question(
        campaign=company.campaign, content=content(company, text, **changes), by=company.center,
        at=AT,
    )  # fmt: skip


def bank(company, number=6, **changes):
    return [question(company, f"第{n}问", **changes) for n in range(1, number + 1)]


def visit(company, *, method=Method.POST_QUESTION, started=True, **changes):
    asked = {
        "campaign": company.campaign, "project": company.one, "day": DAY, "method": method,
        "auditors": [company.auditor], "by": company.center, "at": AT,
    }  # fmt: skip
    made = add_visit(**asked | changes)
    return start_visit(visit=made, by=made.auditors.first(), at=AT) if started else made


def new_id():
    return uuid.uuid4()
