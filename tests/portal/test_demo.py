"""The demo: everything that the product shows occurs in it, and it is the same for a seed."""

import re
from collections import Counter
from datetime import timedelta
from decimal import Decimal
from html import unescape
from urllib.parse import parse_qsl, urljoin, urlsplit

import pytest
from django.db import connection, transaction
from django.urls import Resolver404, resolve

from campaign.gates import gates_of
from campaign.models import Evidence, Message, Reminder
from campaign.models.reminders import Channel, Delivery
from campaign.reminders.planning import plan_round
from campaign.seals import differences
from inspections.models import (
    Appeal,
    AuditVisit,
    Call,
    CaseSite,
    Customer,
    Extension,
    Finding,
    FindingPhoto,
    Observation,
    ScoreSheet,
)
from inspections.self_check.honesty_page import HonestyPage
from inspections.words import Method, Moment, ObservationKind, Source
from organization.accounts import PasswordBackend
from organization.models import HistoryEntry, Post, StoredFile, User
from organization.roles import Role
from portal.demo import accounts, build
from portal.management.commands.serve import demo_accounts
from scoring import engine
from scoring.models import Rubric, Standing, Weight
from scoring.results import rebuild
from tests import cast

NOW = cast.moment(2026, 3, 10, 15)
COMPANY = ["president", "exec", "auditor", "center", "lead-environment", "lead-facilities",
           "lead-order", "lead-service"]  # fmt: skip
pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture(scope="module")
def told(django_db_setup, django_db_blocker):
    """The whole demo, built once for the tests of this module and then undone."""
    with django_db_blocker.unblock(), transaction.atomic():
        demo = build(at=NOW)
        if connection.vendor == "postgresql":
            # as its autovacuum does wherever rows are committed
            connection.cursor().execute("ANALYZE")
        yield demo
        transaction.set_rollback(True)


def states(things) -> Counter:
    return Counter(each.state(at=NOW).code for each in things)


def bands(campaign) -> Counter:
    known = [engine.Band(b.code, b.lowest, b.highest) for b in campaign.bands.all()]
    ranked = Standing.objects.filter(campaign=campaign).ranked()
    return Counter(engine.band(each.composite, known, campaign.rounding) for each in ranked)


# --- people --------------------------------------------------------------------------------


def test_the_accounts_exist_with_their_roles(told):
    role_of = {account.username: account.role for account in accounts()}
    assert [name for name in role_of if not name[-1].isdigit()] == [
        *COMPANY,
        "p01-order-head",
        "admin",
    ]
    assert role_of["p01-environment-1"] == Role.EMPLOYEE
    assert role_of["pm12"] == Role.PROJECT_MANAGER
    assert role_of["deputy01"] == Role.DEPUTY_PROJECT_MANAGER
    assert role_of["lead-service"] == Role.SPECIALTY_LEAD
    assert len(role_of) == 9 + 12 + 12 + 2


def test_the_center_let_the_first_gate_pass_and_others_wait(told):
    found = gates_of(told.campaign, at=NOW).values()
    assert [gate.state.code for gate in found] == [
        "gate_passed", "gate_short", "gate_short", "gate_met", "gate_coming",
    ]  # fmt: skip


def test_only_the_accounts_can_sign_in(told, settings):
    named = PasswordBackend().authenticate(None, "pm01", settings.DEMO_PASSWORD)
    assert named.is_demo and not named.is_superuser
    others = User.objects.filter(is_demo=False)
    assert others.count() > 80
    assert not any(person.has_usable_password() for person in others)


def test_who_enters_sheets_may_open_the_admin_site(told):
    staff = set(User.objects.filter(is_staff=True).values_list("username", flat=True))
    assert staff == {*COMPANY, "admin"} - {"president", "exec"}


def test_one_person_holds_two_posts_in_a_project_and_another_in_two_projects(told):
    posts = Post.objects.filter(user__is_demo=False).values_list("user_id", "project_id")
    assert max(Counter(posts).values()) == 2
    assert max(Counter(user for user, _project in set(posts)).values()) == 2


def test_every_address_leads_nowhere(told):
    assert all(address.endswith("@example.com") for address in
               User.objects.values_list("email", flat=True))  # fmt: skip


def test_the_server_names_the_accounts(told):
    lines = {str(role): names for role, names in demo_accounts()}
    assert lines["总经理"] == "president"
    assert lines["项目经理"] == "pm01 … pm12"


# --- what has happened -----------------------------------------------------------------------


def test_today_is_the_second_day_of_the_inspection(told):
    phase = told.campaign.phases.get(code="inspect")
    assert phase.start + timedelta(days=1) == NOW.date()


def test_obligations_stand_in_every_way(told):
    found = states(told.campaign.obligations.with_all())
    assert found.keys() == {"accepted", "late", "waiting_review", "overdue", "not_started"}
    assert found["accepted"] > found["late"] > found["overdue"] > 2
    again = told.campaign.obligations.accepted().filter(returned_at__isnull=False)
    assert again.exists()


def test_what_was_handed_in_is_proved_by_real_files(told):
    kinds = set(Evidence.objects.values_list("kind", flat=True))
    assert kinds >= {"minutes", "sign_in", "notes", "document", "exam_report", "solutions"}
    for mime, start in (("application/pdf", b"%PDF-"), ("image/jpeg", b"\xff\xd8")):
        with StoredFile.objects.filter(mime=mime).first().file.open("rb") as file:
            assert file.read().startswith(start)


def test_plans_are_filed_or_on_their_way(told):
    assert states(told.campaign.plans.all()) == {"filed": 10, "waiting_review": 1, "draft": 1}
    draft = told.campaign.plans.get(project__code="P12")
    assert any(line.missing_fields() for line in draft.findings.all())
    assert told.campaign.plans.filter(returned_at__isnull=False, filed_at__isnull=False).exists()


def test_one_plan_was_revised_and_one_revision_waits(told):
    kept = {
        plan.project.code: [version.state.code for version in plan.versions.all()]
        for plan in told.campaign.plans.filter(revisions__isnull=False)
    }
    assert kept["P04"][0] == "waiting_review"
    assert kept["P09"][0] == "filed" and "filed" in kept["P09"][1:]
    waiting = told.campaign.findings.filter(draft_of__filed_at=None, draft_of__isnull=False)
    assert {bool(line.withdrawn_at) for line in waiting} == {True, False}


def test_findings_stand_in_every_way(told):
    found = states(told.campaign.findings.all())
    assert found.keys() == {"draft", "in_progress", "waiting_verify", "verified", "late",
                            "overdue", "reopened"}  # fmt: skip
    assert told.campaign.findings.filter(source="audit", observation__isnull=False).count() > 3


def test_findings_were_put_off_explained_and_found_again(told):
    answers = set(Extension.objects.values_list("granted", flat=True))
    assert answers == {True, False, None}
    assert Finding.objects.exclude(root_cause="").count() > 20
    again = told.campaign.findings.repeated()
    assert {finding.project.code for finding in again} >= {"P04", "P05"}


def test_what_was_rectified_is_shown_before_and_after(told):
    rectified = told.campaign.findings.filter(rectified_at__isnull=False)
    for finding in rectified:
        moments = set(finding.photos.values_list("moment", flat=True))
        assert moments == {Moment.BEFORE, Moment.AFTER}
    shown = FindingPhoto.objects.values_list("moment", "file__sha256").distinct()
    assert len({digest for _moment, digest in shown}) == len(set(shown))


def test_the_draft_of_next_year_waits_for_the_president(told):
    assert (told.draft.code, told.draft.year) == (f"demo-{told.campaign.year + 1}",
                                                  told.campaign.year + 1)  # fmt: skip
    assert told.draft.state().code == "waiting_approval"
    assert told.draft.participations.count() == 12


def test_only_what_is_not_the_plans_is_a_sample(told):
    weights = Weight.objects.filter(campaign=told.campaign)
    figures = {w.specialty.code: (int(w.percent), w.is_sample) for w in weights}
    assert figures == {"customer_service": (25, False), "facilities": (30, True),
                       "order": (25, True), "environment": (20, True)}  # fmt: skip
    rubrics = Rubric.objects.filter(campaign=told.campaign).published()
    samples = {rubric.specialty.code: rubric.is_sample for rubric in rubrics}
    assert samples == {"customer_service": False, "facilities": False, "order": True,
                       "environment": True}  # fmt: skip


def test_nothing_happens_after_now_and_nothing_is_done_by_a_stranger(told):
    assert not HistoryEntry.objects.filter(at__gt=NOW).exists()
    assert not Observation.objects.filter(recorded_at__gt=NOW).exists()
    acting = Finding.objects.filter(rectified_by__isnull=False).select_related("rectified_by")
    assert all(each.project_id in each.rectified_by.project_ids for each in acting)


def test_inboxes_have_news_and_nobody_gets_mail(told):
    president = User.objects.get(username="president")
    assert president.messages_received.unread().filter(campaign=told.draft).exists()
    assert Message.objects.filter(read_at__isnull=False).exists()
    assert not Reminder.objects.filter(channel=Channel.MAIL).exclude(delivery=Delivery.SENT)
    assert plan_round(at=NOW) == 0


# --- results ---------------------------------------------------------------------------------


def test_projects_are_ranked_in_every_band_and_the_others_provisional(told):
    assert bands(told.campaign) == {"excellent": 2, "good": 3, "fail": 2}
    assert told.campaign.standings.provisional().count() == 5
    best = told.campaign.standings.ranked().order_by("-composite").first()
    assert best.composite >= Decimal("95.5")


def test_sheets_stand_at_every_stage(told):
    assert Counter(s.state().code for s in told.campaign.sheets.audits()) == {
        "submitted": 35, "in_progress": 4, "not_started": 1,
    }  # fmt: skip
    assert not ScoreSheet.objects.filter(project__code="P09", specialty__code="environment")
    lacking = told.campaign.participations.filter(lacks__isnull=False)
    assert [part.project.code for part in lacking] == ["P09"]


def test_projects_have_checked_themselves_mostly_kinder_than_the_inspection(told):
    own = told.campaign.sheets.self_checks()
    assert Counter(s.state().code for s in own) == {"submitted": 46, "in_progress": 1}
    rows = HonestyPage(told.campaign, User.objects.get(username="center"), {}).all_rows
    gaps = {row.code: row.total.difference for row in rows}
    assert sum(gap > 0 for gap in gaps.values() if gap is not None) > 8
    assert gaps["P05"] > 5 > abs(gaps["P02"])


def test_a_case_is_answered_in_every_way(told):
    (case,) = told.campaign.cases.all()
    now = Counter(site.state(at=NOW).code for site in case.sites.all())
    assert now == {"not_here": 7, "found": 2, "overdue": 2}
    assert CaseSite.objects.late().count() == 1
    assert Finding.objects.filter(source=Source.SPREAD).count() == 2
    assert case.reminded_at


def test_observations_are_of_every_kind_and_method_some_with_pictures(told):
    kinds = set(Observation.objects.values_list("kind", flat=True))
    assert kinds == set(ObservationKind.values)
    missing = Observation.objects.filter(kind=ObservationKind.MISSING, sheet__kind="audit")
    assert set(missing.values_list("method", flat=True)) == set(Method.values)
    assert missing.filter(photos__isnull=False).count() > 20
    noted = missing.exclude(note="").count()
    assert noted > 0.8 * missing.count()


def test_customers_with_nobodys_numbers_were_called_back(told):
    phones = [customer.secret["phone"] for customer in Customer.objects.listed()]
    assert len(phones) == 48 and all(re.fullmatch(r"199000000\d\d", phone) for phone in phones)
    visits = AuditVisit.objects.filter(method=Method.CUSTOMER_CALLBACK)
    assert states(visits) == {"finished": 1, "in_progress": 1}
    assert Call.objects.exclude(complaint="").count() == 2


def test_scores_come_close_to_what_was_meant(told):
    worst = told.campaign.standings.get(project__code="P05")
    assert all(abs(Decimal(score) - 76) < 3 for score in worst.scores.values())


def test_appeals_were_decided_in_every_way_and_some_wait(told):
    assert states(Appeal.objects.all()) == {"kept": 1, "reduced": 1, "withdrawn": 1, "open": 2}
    waiting = told.campaign.scores.filter(open_objections=1)
    assert {score.project.code for score in waiting} == {"P03", "P07"}
    assert all(each.files.exists() for each in Appeal.objects.all())


def test_all_of_it_is_sealed_and_says_what_was_sealed(told):
    assert not list(differences(told.campaign)) and not list(differences(told.draft))
    assert rebuild(campaign=told.campaign, at=NOW) == 0
    assert not list(differences(told.campaign))


# --- its pages -------------------------------------------------------------------------------

LINK = re.compile(r'<a [^>]*href="([^"#]+)')
# Documents are drawn by a library, whatever the database.
PAPERS = {"file", "settlement_pdf", "plan_pdf", "plan_word", "seminar_paper", "summary_paper",
          "rubric_blank", "sheet_blank", "training_sheet", "exam_report", "league_pdf",
          "briefing_deck", "notice_person", "notice_project", "notices_zip", "notice_template_word",
          "notice_template_preview"}  # fmt: skip


def kind_of_page(address):
    """What an address leads to, and what it is asked: filters, an order, a page of a list."""
    asked = urlsplit(address)
    try:
        found = resolve(asked.path)
    except Resolver404:
        return None
    if found.namespace == "admin" or found.url_name in PAPERS:
        return None
    return found.url_name, *sorted(dict(parse_qsl(asked.query)))


@pytest.mark.parametrize("username", ["center", "lead-service", "pm01", "admin"])
def test_every_kind_of_page_answers_with_every_filter(told, client, username):
    client.force_login(User.objects.get(username=username))
    waiting, seen = ["/"], {}
    while waiting:
        address = waiting.pop()
        kind = kind_of_page(address)
        if kind is None or kind in seen:
            continue
        answer = client.get(address, follow=True)
        seen[kind] = (answer.status_code, address)
        if "text/html" in answer["Content-Type"]:
            here = answer.redirect_chain[-1][0] if answer.redirect_chain else address
            links = LINK.findall(answer.content.decode())
            waiting += [urljoin(here, unescape(link)) for link in links]
    assert [address for status, address in seen.values() if status != 200] == []
    assert len({name for name, *_asked in seen}) > 15
