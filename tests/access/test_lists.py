"""Lists shrink by the same querysets: what stands in one is what its reader could open."""

import io
import re
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import override_settings
from django.urls import resolve, reverse
from openpyxl import load_workbook

from inspections.models import (
    Appeal,
    AuditVisit,
    Case,
    Exam,
    Finding,
    LateObservation,
    ScoreSheet,
)
from organization.models import User
from tests.access.blank import silent
from tests.access.table import ALLOWED
from tests.access.test_access import client_of
from tests.access.walk import mark_of

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
PEOPLE = ("employee", "deputy", "manager", "manager elsewhere", "lead of others", "auditor")
LINK = re.compile(r'(?:href|src)="(/[^"#]*)')


@dataclass(frozen=True)
class Listing:
    """A list, what it lists by the name of one's own page, and how it shows all of them."""

    name: str
    one: str
    every: object  # of the campaign, or of the whole demo
    asked: dict = field(default_factory=dict)
    excel: str = ""


def plans(world):
    return [
        reverse("plan", args=[world.campaign.code, p.code]) for p in world.campaign.projects.all()
    ]


def of(things):
    return lambda world: [each.get_absolute_url() for each in things(world.campaign)]


def notices(world):
    paid = User.objects.filter(award__isnull=False).distinct()
    return [
        reverse("notice_person", args=[world.campaign.code, each.username, "word"]) for each in paid
    ]


def late_files(world):
    return [reverse("file", args=[each.file_id]) for each in LateObservation.objects.all()]


def sheets(kind):
    return of(lambda campaign: ScoreSheet.objects.filter(campaign=campaign, kind=kind))


LISTS = [
    Listing("plans", "plan", plans, {"show": "all"}, "plans_excel"),
    Listing(
        "findings",
        "finding",
        of(lambda campaign: Finding.objects.on_record().filter(campaign=campaign)),
        {"show": "all", "size": "100"},
        "findings_excel",
    ),
    Listing("sheets", "sheet", sheets("audit")),
    Listing("self_checks", "sheet", sheets("self")),
    Listing(
        "audit_visits",
        "audit_visit",
        of(lambda campaign: AuditVisit.objects.standing().filter(campaign=campaign)),
        {"show": "project"},
        "audit_visits_excel",
    ),
    Listing(
        "appeals",
        "appeal",
        of(lambda campaign: Appeal.objects.filter(sheet__campaign=campaign)),
        excel="appeals_excel",
    ),
    Listing("cases", "case", of(lambda campaign: Case.objects.filter(campaign=campaign))),
    Listing("exams", "exam", of(lambda campaign: Exam.objects.filter(campaign=campaign))),
    Listing("notices", "notice_person", notices),
    Listing("late", "file", late_files),
]


def listed(client, world, listing: Listing) -> set[str]:
    """Where there is one only, a list may lead on to it."""
    where = reverse(listing.name, args=[world.campaign.code])
    page = client.get(where, listing.asked, follow=True)
    here = {found for found, _status in page.redirect_chain}
    found = links_of(page, {listing.one}) | {link for link in here if is_one(link, {listing.one})}
    return {link for link in found if not link.endswith("/pdf/")}  # the same as in Word


def links_of(page, names: set[str]) -> set[str]:
    links = {urlsplit(unescape(link)).path for link in LINK.findall(page.content.decode())}
    links = {link for link in links if not link.startswith(settings.STATIC_URL)}
    return {link for link in links if is_one(link, names)}


def is_one(link: str, names: set[str]) -> bool:
    return resolve(urlsplit(link).path).url_name in names


def opened(client, links) -> set[str]:
    """Those of which the page opens."""
    with override_settings(TEMPLATES=silent()):
        return {link for link in links if mark_of(client.get(link), link) == ALLOWED}


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("listing", LISTS, ids=lambda each: each.name)
def test_a_list_holds_what_its_reader_could_open(world, listing, person):
    client = client_of(world, person)
    assert listed(client, world, listing) == opened(client, listing.every(world))


def rows(client, world, name: str, asked: dict) -> int:
    answer = client.get(reverse(name, args=[world.campaign.code]), asked)
    book = load_workbook(io.BytesIO(answer.content), read_only=True)
    return sum(1 for sheet in book for row in sheet.iter_rows(values_only=True) if any(row))


@pytest.mark.parametrize("listing", [each for each in LISTS if each.excel], ids=lambda e: e.name)
def test_a_list_as_excel_holds_the_same(world, listing):
    """The center's has as many rows more than a manager's as the center may open more."""
    known, rest = client_of(world, "center"), client_of(world, "manager")
    more = [
        rows(client, world, listing.excel, listing.asked)
        - len(opened(client, listing.every(world)))
        for client in (known, rest)
    ]
    assert more[0] == more[1]


@pytest.mark.parametrize("person", PEOPLE)
def test_the_api_lists_the_sheets_that_it_gives(world, person):
    client = client_of(world, person)
    found = client.get("/api/v1/sheets", {"campaign": world.campaign.code}).json()["sheets"]
    sheets = ScoreSheet.objects.filter(campaign=world.campaign)
    assert {each["url"] for each in found} == opened(
        client, [each.get_absolute_url() for each in sheets.select_related("campaign")]
    )


@pytest.mark.parametrize("person", PEOPLE)
def test_search_finds_nothing_that_does_not_open(world, person):
    client = client_of(world, person)
    page = client.get(reverse("search", args=[world.campaign.code]), {"q": "P0"})
    hits = links_of(page, HITS)
    assert hits and opened(client, hits) == hits


HITS = {"project_result", "finding", "obligation"}
