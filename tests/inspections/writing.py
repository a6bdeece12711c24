"""Plans and findings to play with, made through the product's own functions."""

import io
from datetime import date, timedelta
from itertools import count

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from campaign.models import Campaign
from inspections.finding.findings import rectify
from inspections.plan.plans import add_finding, draft_plan, file_plan, submit_plan
from inspections.words import Source
from tests import cast

AT = cast.moment(2011, 10, 17)
LATER = AT + timedelta(hours=3)
numbers = count(1)


def line(company, **changes):
    """A line with all six fields."""
    fields = {
        "problem": "配电房缺少防小动物设施",
        "source": Source.LEFTOVER,
        "specialty": company.lines["facilities"],
        "measure": "加装挡鼠板，封堵电缆沟孔洞",
        "responsible": company.worker,
        "due": date(2011, 11, 20),
    }
    return fields | changes


def plan_of(company, *lines, project=None):
    """The plan that its project has begun, with these lines (one complete line by default)."""
    plan = draft_plan(
        campaign=company.campaign, project=project or company.one, by=company.manager, at=AT
    )
    for fields in lines or [line(company)]:
        add_finding(plan=plan, by=company.manager, at=AT, **fields)
    return plan


def submitted(company, *lines):
    return submit_plan(plan=plan_of(company, *lines), by=company.manager, at=AT)


def filed(company, *lines):
    return file_plan(plan=submitted(company, *lines), by=company.center, at=LATER)


def finding_of(company, **changes):
    """A finding in force, of a filed plan."""
    return filed(company, line(company, **changes)).findings.get()


def rectified(company, **changes):
    return rectify(
        finding=finding_of(company, **changes),
        text="已经加装",
        before=[picture()],
        photos=[picture()],
        by=company.worker,
        at=LATER + timedelta(days=1),
    )


def picture(name="现场.jpg", size=(40, 20)):
    """A small real picture, no two alike."""
    number = next(numbers)
    out = io.BytesIO()
    Image.new("RGB", size, (number % 256, number // 256 % 256, 90)).save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue(), "image/png")


def next_year(company) -> Campaign:
    """A later campaign of the same projects, running."""
    later = cast.campaign(
        "c12", projects=[company.one, company.two], at=cast.NOW + timedelta(days=365)
    )
    return later
