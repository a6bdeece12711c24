from datetime import date

import pytest
from django.urls import reverse

from campaign.models import Evidence, Obligation
from campaign.obligations import accept, attach_evidence, send_back, submit, write_note
from campaign.words import Scope
from organization.history import history_of
from organization.roles import Role
from tests import cast
from tests.bucket import away, store  # noqa: F401 - fixtures
from tests.queries import queries_of
from tests.uploads import pdf, picture

AT = cast.moment(2011, 10, 10, 10)
DUE = date(2011, 10, 10)


@pytest.fixture
def owed(company):
    return cast.obligation(cast.milestone(company.campaign), project=company.one)


@pytest.fixture
def waiting(owed, company):
    """Handed in by the project's manager, complete."""
    for kind in owed.milestone.evidence:
        attach_evidence(obligation=owed, upload=picture(), kind=kind, by=company.manager, at=AT)
    return submit(obligation=owed, by=company.manager, at=AT)


@pytest.fixture
def page(client):
    """Open the obligation's page as somebody, or press one of its buttons."""

    class Page:
        def open(self, person, thing):
            client.force_login(person)
            return client.get(thing.get_absolute_url())

        def press(self, person, thing, move, *, queue=False, **typed):
            client.force_login(person)
            address = thing.get_absolute_url() + ("?queue=1" if queue else "")
            typed = {"revision": thing.revision} | typed
            return client.post(address, typed | ({"move": move} if move else {}))

    return Page()


def text(response):
    return response.content.decode()


def fresh(thing):
    return Obligation.objects.get(pk=thing.pk)


# Who comes in


def test_the_owner_is_asked_for_what_is_missing_and_offered_to_upload(page, owed, company):
    shown = text(page.open(company.manager, owed))
    assert "还缺会议纪要、签到表、学习笔记" in shown
    assert 'name="files"' in shown
    assert 'value="submit" disabled' in shown


def test_a_reader_sees_it_without_any_button(page, owed, company):
    for reader in (company.worker, company.executive, company.lead):
        shown = text(page.open(reader, owed))
        assert owed.milestone.title in shown
        assert 'name="move"' not in shown


def test_a_reader_who_presses_is_turned_away(page, owed, company):
    for move in ("save", "submit", "accept", "return"):
        assert page.press(company.worker, owed, move).status_code == 403
    assert not history_of(owed).exists()


def test_a_stranger_learns_nothing(page, owed, company):
    assert page.open(company.other_manager, owed).status_code == 404
    assert page.press(company.other_manager, owed, "save").status_code == 404


def test_a_specialtys_obligation_is_its_leads(page, company):
    milestone = cast.milestone(company.campaign, "training", scope=Scope.SPECIALTY)
    mine = cast.obligation(milestone, specialty=company.lines["customer_service"])
    others = cast.obligation(milestone, specialty=company.lines["order"])
    assert 'name="files"' in text(page.open(company.lead, mine))
    assert 'name="files"' not in text(page.open(company.lead, others))
    assert page.open(company.manager, mine).status_code == 404


def test_it_belongs_to_its_campaign(client, owed, company):
    other = cast.campaign("other", projects=[company.one])
    client.force_login(company.center)
    assert client.get(reverse("obligation", args=[other.code, owed.pk])).status_code == 404


# Uploading and handing in


def test_several_files_of_a_kind_are_uploaded_at_once(page, owed, company):
    files = [pdf("a.pdf"), pdf("b.pdf")]
    typed = {"files": files, "kind": "minutes", "about": "2011-10-09", "note": "雨天改期"}
    response = page.press(company.manager, owed, "save", **typed)
    assert response.status_code == 302
    kept = Evidence.objects.values_list("kind", "about", "file__name")
    assert set(kept) == {
        ("minutes", date(2011, 10, 9), "a.pdf"),
        ("minutes", date(2011, 10, 9), "b.pdf"),
    }
    assert fresh(owed).note == "雨天改期"


def test_while_the_storage_is_away_it_says_so_and_what_was_typed_stays(
    page,
    owed,
    company,
    away,  # noqa: F811
):
    typed = {"files": [pdf("a.pdf")], "kind": "minutes", "note": "雨天改期"}
    response = page.press(company.manager, owed, "save", **typed)
    assert "文件存储暂时连不上" in text(response)
    assert "雨天改期" in text(response)
    assert not Evidence.objects.exists()


def test_a_file_that_cannot_be_kept_is_named_and_the_others_stay(page, owed, company):
    program = pdf("病毒.pdf")
    program.file.write(b"MZ program")
    program.file.seek(0)
    response = page.press(
        company.manager,
        owed,
        "save",
        files=[pdf("a.pdf"), program],
        kind="notes",
        about="2011-10-09",
        note="写了很久",
    )
    shown = text(response)
    assert "“病毒.pdf”不是可以上传的文件类型" in shown
    assert Evidence.objects.get().file.name == "a.pdf"
    assert "写了很久" in shown
    assert 'value="2011-10-09"' in shown
    assert '<option value="notes" selected' in shown


def test_a_day_still_to_come_is_an_error_beside_its_field(page, owed, company):
    response = page.press(
        company.manager, owed, "save", files=[pdf()], kind="minutes", about="2999-01-01"
    )
    shown = text(response)
    assert "资料日期不能晚于今天。" in shown
    assert 'value="2999-01-01"' in shown
    assert not Evidence.objects.exists()


def test_a_kind_that_is_none_is_an_error(page, owed, company):
    for kind in ("", "improvement_plan", "nonsense"):
        response = page.press(company.manager, owed, "save", files=[pdf()], kind=kind, note="还在")
        assert "form-error" in text(response)
        assert "还在" in text(response)
    assert not Evidence.objects.exists()


def test_after_an_error_the_same_page_can_be_sent_again(page, owed, company):
    typed = {"files": [pdf("a.pdf")], "kind": "minutes", "note": "一"}
    response = page.press(company.manager, owed, "submit", **typed)
    assert "还缺：签到表、学习笔记" in text(response)
    revision = response.context["work"]["revision"].value()
    assert revision == fresh(owed).revision
    again = {"revision": revision, "note": "二"}
    assert page.press(company.manager, owed, "save", **again).status_code == 302
    assert fresh(owed).note == "二"


def test_the_last_file_and_the_submission_go_together(page, owed, company):
    for kind in ("minutes", "sign_in"):
        attach_evidence(obligation=owed, upload=pdf(), kind=kind, by=company.manager, at=AT)
    response = page.press(
        company.manager,
        fresh(owed),
        "submit",
        files=[pdf()],
        kind="notes",
        note="齐了",
    )
    assert response.status_code == 302
    assert fresh(owed).submitted_by == company.manager
    assert "等管理中心审核" in text(page.open(company.manager, owed))


def test_a_file_is_withdrawn_and_what_was_typed_is_kept(page, owed, company):
    evidence = attach_evidence(
        obligation=owed, upload=pdf(), kind="minutes", by=company.manager, at=AT
    )
    typed = {"withdraw": evidence.pk, "note": "换一份"}
    response = page.press(company.manager, fresh(owed), "", **typed)
    assert response.status_code == 302
    assert not Evidence.objects.standing().exists()
    assert fresh(owed).note == "换一份"


@pytest.mark.parametrize("wrong", ["", "abc", "999999"])
def test_a_file_that_is_not_there_is_not_found(page, owed, company, wrong):
    assert page.press(company.manager, owed, "", withdraw=wrong).status_code == 404


def test_a_file_of_another_obligation_is_not_withdrawn_here(page, owed, company):
    second = cast.milestone(company.campaign, "second")
    other = cast.obligation(second, project=company.two)
    evidence = attach_evidence(
        obligation=other, upload=pdf(), kind="minutes", by=company.other_manager, at=AT
    )
    assert page.press(company.manager, owed, "", withdraw=evidence.pk).status_code == 404
    assert Evidence.objects.standing().exists()


def test_the_companys_own_is_completed_by_submitting(page, company):
    milestone = cast.milestone(
        company.campaign, "kickoff", scope=Scope.COMPANY, evidence=["minutes"]
    )
    owed = cast.obligation(milestone)
    page.press(company.center, owed, "submit", files=[pdf()], kind="minutes")
    assert fresh(owed).accepted_by == company.center


# Reviewing


def test_the_center_sees_the_evidence_and_accepts(page, waiting, company):
    shown = text(page.open(company.center, waiting))
    assert "等您审核" in shown
    assert shown.count("<img") == 3
    response = page.press(company.center, waiting, "accept")
    assert response["Location"] == waiting.get_absolute_url()
    assert fresh(waiting).accepted_by == company.center


def test_a_return_without_a_reason_says_so_beside_the_field(page, waiting, company):
    response = page.press(company.center, waiting, "return", reason=" ")
    assert "请写明退回的理由。" in text(response)
    assert fresh(waiting).is_waiting


def test_after_a_return_the_owner_reads_the_reason_first(page, waiting, company):
    page.press(company.center, waiting, "return", reason="缺 2 人签字")
    shown = text(page.open(company.manager, waiting))
    assert "已退回，补正后再提交" in shown
    assert "缺 2 人签字" in shown
    assert 'name="files"' in shown


def test_the_author_is_not_offered_to_review(page, company):
    cast.post(company.center, Role.PROJECT_MANAGER, project=company.one)
    milestone = cast.milestone(company.campaign, evidence=["minutes"])
    owed = cast.obligation(milestone, project=company.one)
    attach_evidence(obligation=owed, upload=pdf(), kind="minutes", by=company.center, at=AT)
    mine = submit(obligation=owed, by=company.center, at=AT)
    assert 'value="accept"' not in text(page.open(company.center, mine))
    assert page.press(company.center, mine, "accept").status_code == 403


def test_only_the_president_accepts_what_the_plan_leaves_to_him(page, company):
    milestone = cast.milestone(
        company.campaign,
        "policies",
        scope=Scope.COMPANY,
        evidence=["document"],
        approver=Role.PRESIDENT,
    )
    owed = cast.obligation(milestone)
    attach_evidence(obligation=owed, upload=pdf(), kind="document", by=company.center, at=AT)
    handed_in = submit(obligation=owed, by=company.center, at=AT)
    assert page.press(company.auditor, handed_in, "accept").status_code == 403
    assert page.press(company.president, handed_in, "accept").status_code == 302
    assert fresh(owed).accepted_by == company.president


def test_from_the_queue_one_goes_on_to_the_next_and_then_back(page, waiting, company):
    second = cast.obligation(cast.milestone(company.campaign, "second"), project=company.two)
    Obligation.objects.filter(pk=second.pk).update(
        submitted_at=AT, submitted_by=company.other_manager
    )
    response = page.press(company.center, waiting, "accept", queue=True)
    assert response["Location"] == second.get_absolute_url() + "?queue=1"
    response = page.press(company.center, second, "return", queue=True, reason="补")
    assert response["Location"] == reverse("review", args=[company.campaign.code])


# Two people at once


def test_the_second_reviewer_sees_what_happened_and_keeps_the_own_words(page, waiting, company):
    accept(obligation=waiting, by=company.center, at=AT)
    response = page.press(company.auditor, waiting, "return", reason="照片不清楚，请重拍")
    shown = text(response)
    assert response.status_code == 409
    assert "别人有了改动" in shown
    assert "审核通过" in shown and company.center.name in shown
    assert "照片不清楚，请重拍" in shown
    assert fresh(waiting).accepted_by == company.center


@pytest.mark.parametrize("revision", ["9" * 20, "9" * 400, "-1"])
def test_a_revision_that_never_was_is_a_stale_one(page, waiting, company, revision):
    asked = {"reason": "补签", "revision": revision}
    assert page.press(company.center, waiting, "return", **asked).status_code == 409


def test_a_stale_note_shows_both_versions_and_can_then_be_kept(page, owed, company):
    write_note(obligation=owed, note="他写的", by=company.center, at=AT)
    response = page.press(company.manager, owed, "save", note="我写的")
    shown = text(response)
    assert response.status_code == 409
    assert "他写的" in shown
    assert "我写的</textarea>" in shown
    revision = response.context["work"]["revision"].value()
    page.press(company.manager, owed, "save", note="我写的", revision=revision)
    assert fresh(owed).note == "我写的"


def test_a_page_opened_before_a_return_does_not_submit_over_it(page, waiting, company):
    stale = fresh(waiting)
    send_back(obligation=waiting, reason="补签", by=company.center, at=AT)
    response = page.press(company.manager, stale, "submit")
    assert response.status_code == 409
    assert "补签" in text(response)
    assert fresh(waiting).is_open


def test_pressing_twice_submits_once(page, owed, company):
    for kind in owed.milestone.evidence:
        attach_evidence(obligation=owed, upload=pdf(), kind=kind, by=company.manager, at=AT)
    ready = fresh(owed)
    assert page.press(company.manager, ready, "submit").status_code == 302
    assert page.press(company.manager, ready, "submit").status_code == 409
    assert history_of(owed).filter(verb="submit").count() == 1


def test_an_unknown_button_does_nothing(page, owed, company):
    assert page.press(company.manager, owed, "explode").status_code == 400
    assert fresh(owed).revision == 0


# The improvement plan's obligation


def test_the_plans_obligation_leads_to_the_plan(page, company):
    milestone = cast.milestone(company.campaign, "plan", evidence=["improvement_plan"])
    owed = cast.obligation(milestone, project=company.one)
    shown = text(page.open(company.manager, owed))
    assert reverse("plan", args=[company.campaign.code, company.one.code]) in shown
    assert 'name="files"' not in shown


# Reading files


def test_the_material_is_read_by_who_sees_the_obligation(client, waiting, company):
    address = reverse("file", args=[waiting.evidence.first().file.pk])
    for reader, status in (
        (company.center, 200),
        (company.worker, 200),
        (company.other_manager, 404),
    ):
        client.force_login(reader)
        assert client.get(address).status_code == status


def test_more_files_ask_no_more_of_the_database(page, owed, company, django_assert_num_queries):
    def attach():
        upload = pdf()
        attach_evidence(obligation=owed, upload=upload, kind="minutes", by=company.manager, at=AT)

    attach()
    few = queries_of(lambda: page.open(company.manager, owed))
    for _ in range(5):
        attach()
    with django_assert_num_queries(few):
        assert text(page.open(company.manager, owed)).count('name="withdraw"') == 6
