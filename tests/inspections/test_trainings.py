"""A training: planned, moved, cancelled; who came, by tap and from a file; handed in."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from docx import Document

from campaign.models import Message
from campaign.words import EvidenceKind, Scope
from inspections.models import Attendance
from inspections.training import trainings as verbs
from inspections.training.attendance import AttendanceList
from inspections.training.attendance_list import plan_attendance, take_attendance
from organization.errors import Conflict, Refused
from organization.history import history_of
from organization.lists import ListRefused
from tests import cast
from tests.inspections.learning_needs import AFTER, AT, DAY, planned, row, training
from tests.owed import owed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(company):
    return training(company)


def refused(act) -> str:
    with pytest.raises(Refused) as caught:
        act()
    return caught.value.code


def marked(company, held, user, came=True, at=AFTER):
    return verbs.mark_attendance(training=held, user=user, came=came, by=company.lead, at=at)


def test_the_invited_are_told(company, held):
    told = set(Message.objects.values_list("person__username", flat=True))
    assert told == {"pm01", "pm02", "head01", "emp01"}
    assert "总部三楼培训室" in Message.objects.first().body


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"title": " "}, "title"),
        ({"place": ""}, "place"),
        ({"trainer": ""}, "trainer"),
        ({"topics": "\n"}, "topics"),
        ({"roles": []}, "roles"),
        ({"roles": ["president"]}, "roles"),
        ({"starts_at": cast.moment(2011, 9, 1)}, "starts_at"),
    ],
)
def test_a_plan_that_is_wrong_names_the_field(company, more, field):
    with pytest.raises(Refused) as caught:
        training(company, **more)
    assert caught.value.field == field


def test_projects_that_take_no_part_are_not_invited(company):
    stranger = cast.project("P09", "不参加")
    with pytest.raises(Refused) as caught:
        training(company, projects=[stranger])
    assert caught.value.field == "projects"


def test_a_move_is_told_and_a_stale_page_is_stopped(company, held):
    Message.objects.all().delete()
    changed = verbs.change_training(
        training=held,
        projects=[company.one],
        by=company.lead,
        at=AT,
        revision=0,
        **planned(starts_at=DAY + timedelta(days=1)),
    )
    assert set(Message.objects.values_list("person__username", flat=True)) == {
        "pm01",
        "head01",
        "emp01",
    }
    assert "starts_at" in history_of(changed)[0].detail["old"]
    with pytest.raises(Conflict):
        verbs.cancel_training(training=held, reason="x", by=company.lead, at=AT, revision=0)


def test_cancelling_needs_a_reason_and_ends_it(company, held):
    def cancel(reason):
        return verbs.cancel_training(training=held, reason=reason, by=company.lead, at=AT)

    assert refused(lambda: cancel(" ")) == "reason"
    assert cancel("讲师生病").state(at=AT).code == "cancelled"
    assert refused(lambda: cancel("再来")) == "cancelled"
    assert refused(lambda: marked(company, held, company.worker)) == "cancelled"


def test_a_tap_is_kept_and_the_same_again_changes_nothing(company, held):
    marked(company, held, company.worker)
    marked(company, held, company.worker)
    assert history_of(held).filter(verb="mark_attendance").count() == 1
    marked(company, held, company.worker, came=False)
    assert Attendance.objects.get().came is False


def test_attendance_is_taken_on_the_day_and_of_the_invited(company, held):
    assert refused(lambda: marked(company, held, company.worker, at=AT)) == "early"
    assert refused(lambda: marked(company, held, company.lead)) == "not_invited"


def test_somebody_without_an_account_is_added_by_name(company, held):
    def add(name, project=None):
        return verbs.add_guest(training=held, name=name, project=project, by=company.lead, at=AFTER)

    guest = add(' 临时工 "老王" 😀 ', company.one)
    assert guest.name == '临时工 "老王" 😀'
    assert refused(lambda: add('临时工 "老王" 😀', company.one)) == "twice"
    assert refused(lambda: add("  ")) == "blank"
    assert refused(lambda: add("长" * 61)) == "long"
    verbs.remove_guest(guest=guest, by=company.lead, at=AFTER)
    assert not Attendance.objects.exists()


def test_figures_stand_per_project(company, held):
    marked(company, held, company.worker)
    marked(company, held, company.head, came=False)
    verbs.add_guest(training=held, name="老王", project=company.two, by=company.lead, at=AFTER)
    found = {f.project.code: (f.came, f.invited) for f in AttendanceList(held, {}).figures}
    assert found == {"P01": (1, 3), "P02": (1, 1)}


def test_who_holds_two_posts_is_counted_once(company, held):
    cast.post(company.worker, "project_manager", project=company.two)
    marked(company, held, company.worker)
    listed = AttendanceList(held, {})
    assert {f.project.code: (f.came, f.invited) for f in listed.figures} == {
        "P01": (1, 3),
        "P02": (0, 1),
    }
    taken(company, held, row(2, username="emp01", name="马超", came="是"))
    assert listed.invited == 4
    assert Attendance.objects.get().project == company.one


# --- from a file -----------------------------------------------------------------------------


def taken(company, held, *rows):
    return take_attendance(training=held, rows=rows, by=company.lead, at=AFTER)


def test_a_list_is_taken_whole(company, held):
    count = taken(
        company,
        held,
        row(2, username="emp01", name="马超", came="是"),
        row(3, username="head01", name="刘晓燕", came="否"),
        row(4, project="锦澜府", name="老王", came="yes"),
        row(5, username="pm01", name="陈立群", came=""),
    )
    assert count == 3
    assert sorted(Attendance.objects.values_list("name", "came")) == [
        ("刘晓燕", False),
        ("老王", True),
        ("马超", True),
    ]
    assert history_of(held)[0].detail == {"rows": 4, "came": 2}


def test_the_same_list_again_changes_nothing(company, held):
    rows = [row(2, username="emp01", name="马超", came="是"), row(3, name="老王", came="是")]
    assert taken(company, held, *rows) == 2
    assert taken(company, held, *rows) == 0
    assert Attendance.objects.count() == 2
    assert history_of(held).filter(verb="take_attendance").count() == 1


def test_a_longer_list_asks_no_more(company, held):
    taken(company, held, row(2, username="emp01", name="马超", came="是"))
    counts = []
    for guests, came in ((1, "否"), (40, "是")):
        own = row(2, username="emp01", name="马超", came=came)
        names = [row(3 + n, name=f"客人{guests}-{n}", came="是") for n in range(guests)]
        with CaptureQueriesContext(connection) as asked:
            assert taken(company, held, own, *names) == guests + 1
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert Attendance.objects.get(user__username="emp01").came


def test_a_list_is_looked_at_before_it_is_taken(company, held):
    taken(
        company,
        held,
        row(2, username="emp01", name="马超", came="是"),
        row(3, name="老王", came="是"),
    )
    rows = [
        row(2, username="emp01", name="马超", came="否"),
        row(3, username="head01", name="刘晓燕", came="是"),
        row(4, name="老王", came="是"),
        row(5, project="锦澜府", name="老王", came="是"),
        row(6, username="pm01", name="陈立群", came=""),
        row(7, name="老李", came="否"),
    ]
    plan = plan_attendance(training=held, rows=rows, at=AFTER)
    assert [(each.kind, each.name, each.before, each.after) for each in plan.changes] == [
        ("changed", "马超", "到场", "未到"),
        ("new", "刘晓燕", "", "到场"),
        ("joins", "老王", "", "到场"),
    ]
    assert (plan.unchanged, plan.silent) == (1, 2)
    assert Attendance.objects.count() == 2
    assert refused(lambda: plan_attendance(training=held, rows=rows, at=AT)) == "early"


def test_every_bad_cell_is_named_and_nothing_is_written(company, held):
    rows = [
        row(2, username="emp01", name="马超", came="是"),
        row(3, username="nobody", name="无此人", came="是"),
        row(4, name="", came="是"),
        row(5, name="老王", came="也许"),
        row(6, project="没有的项目", name="老李", came="是"),
        row(7, username="emp01", name="马超", came="否"),
    ]
    with pytest.raises(ListRefused) as caught:
        taken(company, held, *rows)
    assert {each.cell for each in caught.value.errors} == {"B3", "C4", "D5", "A6", "B7"}
    assert not Attendance.objects.exists()


# --- due, and handed in ------------------------------------------------------------------------


def things(company, at):
    return {
        thing.rpartition(":")[2]: each.people
        for thing, each in owed_in(company.campaign, at, "training").items()
    }


def test_its_day_is_due_from_its_lead_and_the_invited(company, held):
    due = things(company, AT)
    assert due["lead"] == {company.lead.pk}
    assert company.worker.pk in due["invited"]
    assert set(things(company, AFTER + timedelta(days=1))) == {"lead"}
    marked(company, held, company.worker)
    assert things(company, AFTER + timedelta(days=1)) == {}


@pytest.fixture
def owed(company):
    milestone = cast.milestone(
        company.campaign, "specialty_training", scope=Scope.SPECIALTY, phase="self_check"
    )
    return cast.obligation(milestone, specialty=company.lines["customer_service"])


def test_one_press_makes_the_sheet_evidence(company, held, owed):
    marked(company, held, company.worker)
    evidence = verbs.hand_in_attendance(training=held, by=company.lead, at=AFTER)
    assert (evidence.obligation, evidence.kind) == (owed, EvidenceKind.SIGN_IN)
    assert evidence.about == held.day
    assert evidence.file.mime == "application/pdf"
    held.refresh_from_db()
    assert held.handed_in_at == AFTER


def test_a_later_sheet_takes_the_place_of_the_earlier_and_of_no_other(company, held, owed):
    other = training(company, place="二楼")
    for each in (held, other):
        marked(company, each, company.worker)
        verbs.hand_in_attendance(training=each, by=company.lead, at=AFTER)
    marked(company, held, company.head)
    later = verbs.hand_in_attendance(training=held, by=company.lead, at=AFTER)
    assert (later.version, owed.evidence.standing().count(), owed.evidence.count()) == (2, 2, 3)


def test_the_sheet_is_the_companys_and_word_where_no_pdf_can_be_drawn(
    company, held, owed, no_pango
):
    marked(company, held, company.worker)
    with translation.override("en"):
        evidence = verbs.hand_in_attendance(training=held, by=company.lead, at=AFTER)
    assert evidence.file.kind == "docx"
    words = [each.text for each in Document(evidence.file.file).paragraphs]
    assert any("签到表" in each for each in words)


def test_what_cannot_be_handed_in_is_refused(company, held):
    def hand_in():
        return verbs.hand_in_attendance(training=held, by=company.lead, at=AFTER)

    assert refused(hand_in) == "no_obligation"


def test_an_empty_sheet_is_not_handed_in(company, held, owed):
    act = lambda: verbs.hand_in_attendance(training=held, by=company.lead, at=AFTER)  # noqa: E731
    assert refused(act) == "nobody"
