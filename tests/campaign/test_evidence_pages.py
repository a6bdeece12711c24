"""Choosing a file on record, its versions, whose notes it has."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from campaign.models import Evidence, NotesOnFile
from campaign.notes import mark_notes
from campaign.obligations import attach_evidence, submit, withdraw_evidence
from campaign.words import EvidenceKind
from tests import cast
from tests.queries import queries_of
from tests.uploads import pdf

AT = cast.moment(2011, 10, 10, 10)


@pytest.fixture
def owed(company):
    return cast.obligation(cast.milestone(company.campaign), project=company.one)


@pytest.fixture
def other(company):
    return cast.obligation(cast.milestone(company.campaign, "study"), project=company.one)


def attach(obligation, by, kind="minutes", upload=None, **more):
    upload = upload or pdf()
    return attach_evidence(obligation=obligation, upload=upload, kind=kind, by=by, at=AT, **more)


def files_of(obligation):
    return reverse("files_on_record", args=[obligation.campaign.code, obligation.pk])


def page_of(evidence):
    owed = evidence.obligation
    return reverse("evidence", args=[owed.campaign.code, owed.pk, evidence.pk])


@pytest.fixture
def ask(client):
    def asked(person, address, typed=None, **query):
        client.force_login(person)
        return client.post(address, typed) if typed is not None else client.get(address, query)

    return asked


def text(response):
    return response.content.decode()


# Files on record


def test_files_of_the_project_are_offered_and_used(ask, owed, other, company):
    one, two = attach(other, company.manager), attach(other, company.manager, "sign_in")
    shown = text(ask(company.manager, files_of(owed)))
    assert one.file.name in shown and "2 个文件可以选用" in shown
    answer = ask(company.manager, files_of(owed), {"chosen": [one.pk, two.pk], "kind": ""})
    assert answer["Location"] == owed.get_absolute_url()
    assert set(owed.evidence.values_list("kind", flat=True)) == {"minutes", "sign_in"}


def test_a_chosen_file_may_count_as_another_kind(ask, owed, other, company):
    one = attach(other, company.manager)
    ask(company.manager, files_of(owed), {"chosen": [one.pk], "kind": "notes"})
    assert owed.evidence.get().kind == "notes"


def test_one_that_was_withdrawn_meanwhile_is_said_and_the_others_are_used(
    ask, owed, other, company
):
    one, gone = attach(other, company.manager), attach(other, company.manager)
    withdraw_evidence(evidence=gone, by=company.manager, at=AT)
    answer = ask(company.manager, files_of(owed), {"chosen": [one.pk, gone.pk], "kind": ""})
    assert "有的文件刚刚被撤下" in text(answer)
    assert owed.evidence.get().file == one.file


def test_what_is_there_already_is_named_and_the_choice_stays(ask, owed, other, company):
    one = attach(other, company.manager)
    typed = {"chosen": [one.pk], "kind": "notes"}
    ask(company.manager, files_of(owed), typed)
    shown = text(ask(company.manager, files_of(owed), typed))
    assert "在这项任务里已经有了" in shown
    assert f'value="{one.pk}" checked' in shown
    assert '<option value="notes" selected' in shown


@pytest.mark.parametrize("chosen", [[], ["x"], ["9" * 30], ["-1"]])
def test_a_choice_that_means_nothing_is_said(ask, owed, company, chosen):
    shown = text(ask(company.manager, files_of(owed), {"chosen": chosen, "kind": ""}))
    assert "请先勾选文件。" in shown
    assert not owed.evidence.exists()


def test_files_are_searched_by_name_and_kind(ask, owed, other, company):
    attach(other, company.manager, upload=pdf("动员会纪要.pdf"))
    attach(other, company.manager, "sign_in", pdf("签到.pdf"))
    assert "签到.pdf" not in text(ask(company.manager, files_of(owed), q="纪要.pdf"))
    assert "动员会纪要.pdf" not in text(ask(company.manager, files_of(owed), kind="sign_in"))
    nothing = text(ask(company.manager, files_of(owed), q="没有", kind="nonsense", page="x"))
    assert "没有这样的文件" in nothing


def test_only_who_hands_it_in_chooses(ask, owed, company):
    for person in (company.worker, company.center, company.executive):
        assert ask(person, files_of(owed)).status_code == 403
    assert ask(company.other_manager, files_of(owed)).status_code == 404
    assert "还没有上传过文件" in text(ask(company.manager, files_of(owed)))


def test_more_files_ask_no_more_of_the_database(
    ask, owed, other, company, django_assert_num_queries
):
    attach(other, company.manager)
    few = queries_of(lambda: ask(company.manager, files_of(owed)))
    for _ in range(24):
        attach(other, company.manager)
    with django_assert_num_queries(few):
        assert len(ask(company.manager, files_of(owed)).context["page"]) == 20


# A file and its versions


def test_a_new_version_is_uploaded_and_the_older_stays_a_link(ask, owed, company):
    older = attach(owed, company.manager, about=date(2011, 10, 9))
    typed = {"move": "revise", "upload": pdf("补签.pdf"), "about": ""}
    answer = ask(company.manager, page_of(older), typed)
    newer = owed.evidence.standing().get()
    assert answer["Location"] == page_of(newer)
    shown = text(ask(company.manager, owed.get_absolute_url()))
    assert "第 2 版" in shown
    assert reverse("file", args=[older.file.pk]) in shown
    assert "这份资料已经有更新的版本" in text(ask(company.manager, page_of(older)))


def test_the_same_file_as_a_new_version_is_refused_beside_the_field(ask, owed, company):
    upload = pdf("纪要.pdf")
    older = attach(owed, company.manager, upload=upload)
    upload.seek(0)
    typed = {"move": "revise", "upload": upload, "about": "2011-10-09"}
    shown = text(ask(company.manager, page_of(older), typed))
    assert "“纪要.pdf”已经上传过" in shown
    assert 'value="2011-10-09"' in shown
    assert owed.evidence.count() == 1


def test_a_photo_of_fifty_megabytes_is_refused_with_the_limit(ask, owed, company):
    older = attach(owed, company.manager)
    large = SimpleUploadedFile("全景.jpg", b"\xff\xd8\xff" + bytes(50 * 2**20), "image/jpeg")
    typed = {"move": "revise", "upload": large, "about": ""}
    assert "“全景.jpg”超过 20 MB，请压缩后再传。" in text(
        ask(company.manager, page_of(older), typed)
    )
    owed.refresh_from_db()
    typed = {"move": "save", "kind": "minutes", "files": large, "note": "还在"}
    large.seek(0)
    shown = text(ask(company.manager, owed.get_absolute_url(), typed | {"revision": owed.revision}))
    assert "“全景.jpg”超过 20 MB" in shown and "还在</textarea>" in shown


def test_a_name_with_quotes_and_emoji_is_shown_as_it_is(ask, owed, company):
    attach(owed, company.manager, upload=pdf('"纪要" <b>&\'🎉.pdf'))
    shown = text(ask(company.center, owed.get_absolute_url()))
    assert "&quot;纪要&quot; &lt;b&gt;&amp;&#x27;🎉.pdf" in shown


def test_both_days_stand_on_every_row(ask, owed, company):
    attach(owed, company.manager, about=date(2011, 9, 1))
    attach(owed, company.manager, "sign_in")
    shown = text(ask(company.center, owed.get_absolute_url()))
    assert "资料日期 2011年9月1日 周四" in shown and "早于专项开始" in shown
    assert "资料日期未填" in shown
    assert shown.count("2011年10月10日 周一 10:00 陈立群 上传") == 2


def test_readers_see_a_file_without_any_button(ask, owed, company):
    found = attach(owed, company.manager, "notes")
    for person in (company.worker, company.center):
        assert 'name="move"' not in text(ask(person, page_of(found)))
        assert ask(person, page_of(found), {"move": "revise"}).status_code == 403
    assert ask(company.other_manager, page_of(found)).status_code == 404
    assert ask(company.manager, page_of(found), {"move": "explode"}).status_code == 400


# Whose notes


@pytest.fixture
def notes(owed, company):
    return attach(owed, company.manager, "notes")


def marks(notes):
    return {mark.person for mark in NotesOnFile.objects.filter(evidence=notes, unmarked_at=None)}


def sent(notes, *people, **more):
    revision = Evidence.objects.get(pk=notes.pk).obligation.revision
    ticks = {"person": [each.pk for each in people], "others": 0, "revision": revision}
    return {"move": "mark"} | ticks | more


def test_people_are_ticked_one_by_one(ask, notes, company):
    answer = ask(company.manager, page_of(notes), sent(notes, company.worker, others=2))
    assert answer.status_code == 302
    assert marks(notes) == {company.worker}
    shown = text(ask(company.manager, page_of(notes)))
    assert "这份资料里有 3 人的笔记" in shown
    assert f'value="{company.worker.pk}" checked' in shown


def test_a_department_is_ticked_at_once(ask, notes, company):
    cast.person("emp02", "高峰", "employee", project=company.one, department="秩序部")
    ask(company.manager, page_of(notes), sent(notes, department="秩序部"))
    assert {person.name for person in marks(notes)} == {"马超", "高峰"}


def test_the_obligation_shows_the_share_and_who_is_missing(ask, notes, company):
    ask(company.manager, page_of(notes), sent(notes, company.worker))
    shown = text(ask(company.center, notes.obligation.get_absolute_url()))
    assert "1 / 3 人有笔记" in shown
    assert "还有 2 人没有笔记" in shown
    assert "<dt>客服部</dt><dd>刘晓燕</dd>" in shown


def test_ticks_survive_what_somebody_else_did_meanwhile(ask, notes, company):
    typed = sent(notes, company.head)
    mark_notes(evidence=notes, people=[company.worker], by=company.manager, at=AT)
    answer = ask(company.manager, page_of(notes), typed)
    shown = text(answer)
    assert answer.status_code == 409
    assert f'value="{company.head.pk}" checked' in shown
    assert f'value="{company.worker.pk}" checked' not in shown
    assert marks(notes) == {company.worker}
    again = typed | {"revision": answer.context["notes"]["revision"].value()}
    assert ask(company.manager, page_of(notes), again).status_code == 302
    assert marks(notes) == {company.head}


def test_a_number_that_is_none_is_an_error_and_the_ticks_stay(ask, notes, company):
    shown = text(ask(company.manager, page_of(notes), sent(notes, company.worker, others="-1")))
    assert "form-error" in shown
    assert f'value="{company.worker.pk}" checked' in shown
    assert not marks(notes)


def test_once_handed_in_nobody_marks(ask, notes, company):
    for kind in (EvidenceKind.MINUTES, EvidenceKind.SIGN_IN):
        attach(notes.obligation, company.manager, kind)
    typed = sent(notes, company.worker)
    submit(obligation=notes.obligation, by=company.manager, at=AT)
    answer = ask(company.manager, page_of(notes), typed)
    assert answer.status_code == 409
    assert not marks(notes)


def test_more_people_ask_no_more_of_the_database(ask, notes, company, django_assert_num_queries):
    few = queries_of(lambda: ask(company.manager, page_of(notes)))
    for number in range(12):
        cast.person(f"x{number}", "某人", "employee", project=company.one, department="工程部")
    with django_assert_num_queries(few):
        assert text(ask(company.manager, page_of(notes))).count('name="person"') == 15
