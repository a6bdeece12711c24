"""Files used again, newer versions, and who may read them."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from campaign.evidence import reuse_evidence, revise_evidence, versions_before
from campaign.models import Evidence
from campaign.notes import mark_notes
from campaign.obligations import accept, attach_evidence, send_back, submit, withdraw_evidence
from campaign.obstacles import missing_kinds
from campaign.on_record import on_record
from campaign.words import EvidenceKind
from organization.errors import Refused
from organization.files import may_read
from organization.history import history_of
from organization.models import StoredFile
from tests import cast
from tests.uploads import pdf, picture

AT = cast.moment(2011, 10, 10, 10)
LATER = cast.moment(2011, 10, 12, 10)


@pytest.fixture
def first(company):
    return cast.obligation(cast.milestone(company.campaign), project=company.one)


@pytest.fixture
def second(company):
    milestone = cast.milestone(company.campaign, "study", evidence=["minutes", "sign_in"])
    return cast.obligation(milestone, project=company.one)


@pytest.fixture
def strangers(company):
    return cast.obligation(cast.milestone(company.campaign, "theirs"), project=company.two)


def attach(obligation, by, kind="minutes", upload=None, **more):
    upload = upload or pdf()
    return attach_evidence(obligation=obligation, upload=upload, kind=kind, by=by, at=AT, **more)


def reuse(obligation, evidence, by, kind="minutes", at=LATER):
    return reuse_evidence(obligation=obligation, evidence=evidence, kind=kind, by=by, at=at)


def revise(evidence, by, upload=None, at=LATER, **more):
    return revise_evidence(evidence=evidence, upload=upload or pdf(), by=by, at=at, **more)


def code_of(function, *arguments, **named):
    with pytest.raises(Refused) as refusal:
        function(*arguments, **named)
    return refusal.value.code


# Used again


def test_one_file_counts_for_two_obligations(first, second, company):
    source = attach(first, company.manager, about=date(2011, 10, 9))
    used = reuse(second, source, company.manager)
    assert (used.file, used.about, used.reused_from) == (source.file, source.about, source)
    assert EvidenceKind.MINUTES not in missing_kinds(second)
    entry = history_of(second).first()
    assert (entry.verb, entry.detail["name"]) == ("reuse_evidence", source.file.name)
    assert StoredFile.objects.count() == 1


def test_it_stands_when_the_first_is_withdrawn(first, second, company):
    source = attach(first, company.manager)
    used = reuse(second, source, company.manager)
    withdraw_evidence(evidence=source, by=company.manager, at=LATER)
    used.refresh_from_db()
    assert used.stands


def test_one_that_was_withdrawn_while_somebody_chose_it_is_refused(first, second, company):
    source = attach(first, company.manager)
    withdraw_evidence(evidence=source, by=company.manager, at=AT)
    assert code_of(reuse, second, source, company.manager) == "already"
    assert not second.evidence.exists()


def test_an_older_version_is_refused(first, second, company):
    older = attach(first, company.manager)
    revise(older, company.manager)
    assert code_of(reuse, second, older, company.manager) == "replaced"


def test_a_file_that_one_may_not_see_is_refused(first, strangers, company):
    theirs = attach(strangers, company.other_manager)
    assert code_of(reuse, first, theirs, company.manager) == "not_seen"


def test_one_scan_may_be_two_kinds_but_each_once(first, company):
    scan = attach(first, company.manager)
    reuse(first, scan, company.manager, kind="sign_in")
    assert missing_kinds(first) == [EvidenceKind.NOTES]
    assert code_of(reuse, first, scan, company.manager, kind="sign_in") == "same_file"


def test_a_paper_is_no_photo(first, second, company):
    paper = attach(first, company.manager)
    assert code_of(reuse, second, paper, company.manager, kind="photo") == "kind"
    photo = attach(first, company.manager, upload=picture())
    assert reuse(second, photo, company.manager, kind="photo").kind == "photo"


def test_after_submitting_nothing_is_used_or_replaced(first, second, company):
    source = attach(first, company.manager)
    for kind in second.milestone.evidence:
        waits = attach(second, company.manager, kind)
    submit(obligation=second, by=company.manager, at=AT)
    assert code_of(reuse, second, source, company.manager) == "waiting"
    assert code_of(revise, waits, company.manager) == "waiting"


def test_the_same_content_again_is_refused_under_any_kind_and_name(first, company):
    attach(first, company.manager, upload=pdf_named("a.pdf"))
    with pytest.raises(Refused, match=r"b\.pdf.*会议纪要") as refusal:
        attach(first, company.manager, "notes", pdf_named("b.pdf"))
    assert refusal.value.code == "same_file"
    assert StoredFile.objects.count() == 1


def pdf_named(name):
    same = pdf(name)
    same.file.seek(0)
    same.file.truncate()
    same.file.write(b"%PDF-1.4\nthe same\n%%EOF\n")
    same.file.seek(0)
    same.size = 24
    return same


def test_what_may_be_used_is_of_the_same_subject_and_stands(first, second, strangers, company):
    mine, gone = attach(first, company.manager), attach(first, company.manager)
    withdraw_evidence(evidence=gone, by=company.manager, at=AT)
    attach(strangers, company.other_manager)
    assert list(on_record(second, company.manager)) == [mine]
    assert list(on_record(second, company.center)) == [mine]
    assert not on_record(second, company.other_manager).exists()


# Newer versions


def test_a_newer_version_replaces_the_older_and_both_stay(first, company):
    older = attach(first, company.manager, about=date(2011, 10, 9))
    newer = revise(older, company.manager)
    older.refresh_from_db()
    assert (older.replaced_by, newer.version, newer.about) == (newer, 2, date(2011, 10, 9))
    assert list(first.evidence.standing()) == [newer]
    assert versions_before(newer) == [older]
    entry = history_of(first).first()
    assert (entry.verb, entry.detail["version"]) == ("revise_evidence", 2)
    assert EvidenceKind.MINUTES not in missing_kinds(first)


def test_a_third_version_knows_both_before_it(first, company):
    one = attach(first, company.manager)
    two = revise(one, company.manager)
    three = revise(two, company.manager, about=date(2011, 10, 11))
    assert (three.version, three.about) == (3, date(2011, 10, 11))
    assert versions_before(three) == [two, one]


def test_two_at_once_replace_it_once(first, company):
    older = attach(first, company.manager)
    stale = Evidence.objects.get(pk=older.pk)
    revise(older, company.manager)
    assert code_of(revise, stale, company.manager) == "replaced"
    assert first.evidence.count() == StoredFile.objects.count() == 2


def test_an_older_version_is_not_withdrawn(first, company):
    older = attach(first, company.manager)
    revise(older, company.manager)
    assert code_of(withdraw_evidence, evidence=older, by=company.manager, at=AT) == "replaced"


def test_a_newer_photo_has_to_be_a_picture_and_no_day_to_come(first, company):
    photo = attach(first, company.manager, "photo", picture())
    with pytest.raises(ValidationError):
        revise(photo, company.manager, pdf())
    assert code_of(revise, photo, company.manager, picture(), about=date(2011, 12, 1)) == "about"
    assert first.evidence.count() == 1


def test_whose_notes_were_in_it_are_in_the_newer_version(first, company):
    notes = attach(first, company.manager, "notes")
    mark_notes(evidence=notes, people=[company.worker], others=2, by=company.manager, at=AT)
    newer = revise(notes, company.manager)
    assert [mark.person for mark in newer.notes_of.all()] == [company.worker]
    assert newer.others == 2


# Who may read


def test_a_used_file_is_read_by_who_sees_any_of_its_obligations(first, second, company):
    source = attach(first, company.manager)
    reuse(second, source, company.manager)
    newer = revise(source, company.manager)
    for stored in (source.file, newer.file):
        assert may_read(company.worker, stored)
        assert may_read(company.center, stored)
        assert not may_read(company.other_manager, stored)


# Late, again (ruling 11)


def test_the_first_and_the_later_lateness_both_stay(second, company):
    for kind in second.milestone.evidence:
        attach(second, company.manager, kind)
    submit(obligation=second, by=company.manager, at=AT)
    send_back(obligation=second, reason="补签", by=company.center, at=AT)
    assert second.__class__.objects.get(pk=second.pk).state(at=LATER).code == "overdue"
    submit(obligation=second, by=company.manager, at=LATER)
    done = accept(obligation=second, by=company.center, at=cast.moment(2011, 10, 20))
    assert done.was_handed_in_again
    assert (done.first_days_late, done.days_late(at=AT)) == (0, 2)
    assert str(done.state(at=AT)) == "迟 2 天"


def test_who_was_late_first_stays_late_however_soon_it_was_corrected(second, company):
    for kind in second.milestone.evidence:
        attach(second, company.manager, kind)
    submit(obligation=second, by=company.manager, at=LATER)
    send_back(obligation=second, reason="补签", by=company.center, at=LATER)
    submit(obligation=second, by=company.manager, at=cast.moment(2011, 10, 12, 11))
    done = accept(obligation=second, by=company.center, at=LATER)
    assert (done.first_days_late, done.days_late(at=LATER)) == (2, 2)
