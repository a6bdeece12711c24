"""Two signatures, and a sheet that is signed by them."""

from datetime import timedelta

from inspections.signing.content import content_of, mark_of
from inspections.signing.drawing import Drawing
from inspections.signing.sign_off import Refusal, Signature, Who, sign_off
from tests import cast

AT = cast.NOW
SIGNED = AT + timedelta(days=1)
STROKES = [[[10, 20, 0], [60.5, 30, 40], [120, 25, 90]], [[40, 60, 300]]]
WAVE = {"width": 320, "height": 160, "strokes": STROKES}


def drawn(**fields) -> Drawing:
    return Drawing(**WAVE | fields)


def by_manager(company, **fields) -> Signature:
    return Signature(**{"drawing": drawn(), "who": Who(person=company.manager)} | fields)


def refusal(company, reason="扣分没有依据。") -> Refusal:
    return Refusal(reason, Who(person=company.manager))


def signed(company, sheet, **fields):
    fields = {
        "auditor": Signature(drawing=drawn()),
        "manager": by_manager(company),
        "by": company.auditor,
        "at": SIGNED,
    } | fields
    fields.setdefault("seen", mark_of(content_of(sheet)))
    return sign_off(sheet=sheet, **fields)
