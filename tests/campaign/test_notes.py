"""Whose notes are on file, of how many people."""

import pytest

from campaign.coverage import coverage_of, coverages, notes_of, project_totals
from campaign.evidence import reuse_evidence
from campaign.models import NotesOnFile, Participation
from campaign.notes import mark_notes, set_headcount, set_notes_percent
from campaign.obligations import attach_evidence, submit, withdraw_evidence
from campaign.words import VERBS, Scope
from organization.errors import Conflict, Refused
from organization.history import history_of
from organization.models import Post
from organization.roles import Role
from tests import cast
from tests.queries import queries_of
from tests.uploads import pdf

AT = cast.moment(2011, 10, 10, 10)
LATER = cast.moment(2011, 10, 12, 10)


@pytest.fixture
def owed(company):
    return cast.obligation(
        cast.milestone(company.campaign, evidence=["notes"]), project=company.one
    )


@pytest.fixture
def notes(owed, company):
    return attach(owed, company)


def attach(owed, company, kind="notes"):
    return attach_evidence(obligation=owed, upload=pdf(), kind=kind, by=company.manager, at=AT)


def mark(evidence, company, *people, **more):
    return mark_notes(evidence=evidence, people=people, by=company.manager, at=LATER, **more)


def figures(owed):
    coverage = coverage_of(owed)
    return coverage.covered, coverage.headcount


def code_of(function, *arguments, **named):
    with pytest.raises(Refused) as refusal:
        function(*arguments, **named)
    return refusal.value.code


def part(company, project=None):
    return Participation.objects.get(campaign=company.campaign, project=project or company.one)


# Counting


def test_the_projects_people_are_counted_one_by_one(owed, notes, company):
    assert figures(owed) == (0, 3)
    mark(notes, company, company.worker, company.head)
    assert figures(owed) == (2, 3)
    assert coverage_of(owed).percent == 66


def test_somebody_in_two_files_counts_once(owed, notes, company):
    mark(notes, company, company.worker)
    mark(attach(owed, company), company, company.worker, company.head)
    assert figures(owed) == (2, 3)


def test_a_person_with_two_posts_is_one_person(owed, notes, company):
    cast.post(company.worker, Role.TEAM_LEADER, project=company.one, department="秩序部")
    mark(notes, company, company.worker)
    assert figures(owed) == (1, 3)


def test_who_left_counts_neither_here_nor_there(owed, notes, company):
    mark(notes, company, company.worker, company.head)
    Post.objects.filter(user=company.worker).update(until=LATER.date())
    assert figures(owed) == (1, 2)


def test_a_withdrawn_file_shows_nobodys_notes(owed, notes, company):
    mark(notes, company, company.worker)
    withdraw_evidence(evidence=notes, by=company.manager, at=LATER)
    assert figures(owed) == (0, 3)


def test_who_is_missing_stands_under_the_department(owed, notes, company):
    mark(notes, company, company.head)
    lacking = {each.name: each.people for each in notes_of(owed).lacking}
    assert lacking == {"秩序部": [company.worker], "项目部": [company.manager]}


def test_the_whole_campaign_counts_who_has_notes_anywhere(owed, notes, company):
    second = cast.obligation(
        cast.milestone(company.campaign, "study", evidence=["notes"]), project=company.one
    )
    mark(notes, company, company.worker)
    mark(attach(second, company), company, company.worker, company.head)
    total = project_totals(company.campaign, [company.one.pk, company.two.pk])
    assert (total[company.one.pk].covered, total[company.one.pk].headcount) == (2, 3)
    assert (total[company.two.pk].covered, total[company.two.pk].headcount) == (0, 1)


def test_only_projects_are_counted(company):
    milestone = cast.milestone(company.campaign, "training", scope=Scope.SPECIALTY)
    theirs = cast.obligation(milestone, specialty=company.lines["order"])
    assert coverages([theirs]) == {}


@pytest.mark.parametrize("size", [1, 5])
def test_many_obligations_are_counted_in_as_many_queries(company, size, owed, notes):
    mark(notes, company, company.worker)
    every = [owed]
    for number in range(size):
        other = cast.project(f"N{number}", f"新{number}")
        cast.person(f"n{number}", "某人", Role.EMPLOYEE, project=other)
        every.append(cast.obligation(owed.milestone, project=other))
    assert queries_of(lambda: coverages(every)) == 4


# Marking


def test_marks_are_set_taken_back_and_stay_on_record(notes, company):
    mark(notes, company, company.worker)
    mark(notes, company, company.head)
    taken_back = NotesOnFile.objects.get(person=company.worker)
    assert (taken_back.unmarked_at, taken_back.unmarked_by) == (LATER, company.manager)
    entry = history_of(notes.obligation).first()
    assert (entry.verb, entry.detail["added"], entry.detail["taken_back"]) == (
        "mark_notes",
        [company.head.pk],
        [company.worker.pk],
    )


def test_the_same_marks_leave_no_record(notes, company):
    mark(notes, company, company.worker, others=0)
    entries = history_of(notes.obligation).count()
    mark(notes, company, company.worker)
    assert history_of(notes.obligation).count() == entries


def test_somebody_of_another_project_is_refused(notes, company):
    assert code_of(mark, notes, company, company.other_manager) == "not_staff"
    assert not NotesOnFile.objects.exists()


def test_only_notes_are_marked_and_only_while_open(owed, notes, company):
    assert code_of(mark, attach(owed, company, "minutes"), company) == "no_notes"
    submit(obligation=owed, by=company.manager, at=AT)
    assert code_of(mark, notes, company, company.worker) == "waiting"


def test_a_stale_page_overwrites_nobodys_marks(owed, notes, company):
    seen = notes.obligation.revision
    mark(notes, company, company.worker)
    with pytest.raises(Conflict):
        mark(notes, company, company.head, revision=seen)
    assert NotesOnFile.objects.get().person == company.worker


def test_the_mark_of_somebody_who_left_stays(notes, company):
    mark(notes, company, company.worker)
    Post.objects.filter(user=company.worker).update(until=LATER.date())
    mark(notes, company, company.head)
    assert NotesOnFile.objects.filter(unmarked_at=None).count() == 2


def test_a_file_used_again_brings_its_marks(notes, company):
    milestone = cast.milestone(company.campaign, "study", evidence=["notes"])
    second = cast.obligation(milestone, project=company.one)
    mark(notes, company, company.worker, others=0)
    known = {"by": company.manager, "at": LATER}
    reuse_evidence(obligation=second, evidence=notes, kind="notes", **known)
    assert figures(second) == (1, 3)


# People who are not in the system


def test_the_projects_own_number_counts_where_it_is_larger(owed, notes, company):
    set_headcount(participation=part(company), headcount=56, by=company.manager, at=AT)
    mark(notes, company, company.worker, others=41)
    assert figures(owed) == (42, 56)
    entry = history_of(part(company)).get()
    assert (entry.verb, entry.before, entry.after) == ("set_headcount", "", "56")


def test_others_never_count_more_than_there_are(owed, notes, company):
    set_headcount(participation=part(company), headcount=5, by=company.manager, at=AT)
    mark(notes, company, company.worker, others=9)
    assert figures(owed) == (3, 5)


def test_fewer_people_than_the_system_knows_are_refused(company):
    known = {"participation": part(company), "by": company.manager, "at": AT}
    assert code_of(set_headcount, headcount=2, **known) == "too_few"
    assert code_of(set_headcount, headcount=10000, **known) == "number"
    set_headcount(headcount=56, **known)
    assert set_headcount(headcount=None, **known).headcount is None


# What the campaign asks for


def test_coverage_blocks_nothing_unless_the_campaign_asks(owed, notes, company):
    assert submit(obligation=owed, by=company.manager, at=AT).submitted_at


def test_too_few_notes_are_said_with_the_figure(owed, notes, company):
    set_notes_percent(campaign=company.campaign, percent=60, by=company.center, at=AT)
    owed.refresh_from_db()
    mark(notes, company, company.worker)
    with pytest.raises(Refused, match="1 / 3 人有笔记，专项要求不少于 60%") as refusal:
        submit(obligation=owed, by=company.manager, at=AT)
    assert refusal.value.code == "notes"
    mark(notes, company, company.worker, company.head)
    assert submit(obligation=owed, by=company.manager, at=AT).submitted_at


@pytest.mark.parametrize("percent", [0, -1, 101])
def test_a_share_that_is_none_is_refused(company, percent):
    known = {"campaign": company.campaign, "by": company.center, "at": AT}
    assert code_of(set_notes_percent, percent=percent, **known) == "percent"


def test_a_closed_campaign_asks_for_nothing_new(company):
    company.campaign.closed_at = AT
    company.campaign.save()
    known = {"campaign": company.campaign, "by": company.center, "at": AT}
    assert code_of(set_notes_percent, percent=80, **known) == "closed"


def test_every_move_has_a_name():
    assert {"mark_notes", "set_headcount", "set_notes_percent"} <= VERBS.keys()
