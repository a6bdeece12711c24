"""The summary writes itself from the facts; what people type is theirs."""

from datetime import date

import pytest

from campaign.words import Scope
from inspections.closing.chapters import builder_of, specialty_names
from inspections.closing.chapters.findings import percent
from inspections.closing.chapters.results import show_scores
from inspections.closing.summary import choose_pairs, draft_summary, edit_chapter, refresh_facts
from inspections.finding.findings import open_finding
from inspections.handing_in import hand_in_summary
from inspections.models import Chapter, Summary, Training
from organization.errors import Conflict, Refused
from organization.history import history_of
from organization.papers import Table
from organization.roles import Role
from scoring.models import Score, Standing
from tests import cast
from tests.inspections.learning import approved, closed_seminar, lesson, verified
from tests.inspections.writing import finding_of
from tests.queries import queries_of

AT = cast.moment(2011, 12, 29)
LATER = cast.moment(2011, 12, 30)
SUMMARY = "/c/c11/summary/"
JSON = {"Accept": "application/json"}


def drafted(company):
    return draft_summary(campaign=company.campaign, by=company.center, at=AT)


def chapter(summary, code="findings"):
    return summary.chapters.get(code=code)


def rows(summary, code):
    """All rows of a chapter's tables as text."""
    found = chapter(summary, code)
    blocks = builder_of(code).show(found.facts, specialty_names())
    tables = [block for block in blocks if isinstance(block, Table)]
    return [[str(cell) for cell in row] for table in tables for row in table.rows]


def report(company, code="lessons"):
    stone = cast.milestone(
        company.campaign, code, scope=Scope.COMPANY, phase="summary", due=date(2011, 12, 31),
        evidence=("summary_report",), owner=Role.MANAGEMENT_CENTER,
    )  # fmt: skip
    return cast.obligation(stone)


def body(response):
    return response.content.decode()


@pytest.fixture
def signed(client, company):
    def as_person(name):
        client.force_login(getattr(company, name))
        return client

    return as_person


# --- what it says


def test_problems_are_counted_by_specialty_and_source_with_rates(company):
    verified(company)
    open_finding(
        campaign=company.campaign, project=company.two, problem="积水",
        specialty=company.lines["facilities"], due=date(2011, 12, 1), by=company.center,
        at=cast.moment(2011, 11, 20),
    )  # fmt: skip
    first, *_others = rows(drafted(company), "findings")
    assert first == ["设施设备", "2", "1", "1", "50.0%", "100.0%", "1"]


@pytest.mark.parametrize(
    ("part", "whole", "words"), [(0, 0, "—"), (1, 8, "12.5%"), (1, 3, "33.3%"), (2, 3, "66.7%")]
)
def test_a_share_is_rounded_half_up_to_a_tenth(part, whole, words):
    assert percent(part, whole) == words


def test_methods_are_the_lessons_kept_else_what_was_verified(company):
    finding = verified(company)
    closed_seminar(company)
    summary = drafted(company)
    assert ["设施设备", finding.problem, "已经加装"] in rows(summary, "methods")
    assert any("当班主管两小时内回访" in row[2] for row in rows(summary, "methods"))
    lesson(company)
    refresh_facts(summary=summary, by=company.center, at=LATER)
    assert any("统一订做" in row[2] for row in rows(summary, "methods"))


def test_the_same_requirement_again_in_a_project_is_named(company):
    rubric = cast.rubric(company.campaign, company.lines["facilities"])
    requirement = rubric.items.first().requirements.first()
    for day in (1, 9):
        open_finding(
            campaign=company.campaign, project=company.one, problem="又缺", requirement=requirement,
            specialty=company.lines["facilities"], due=date(2011, 11, 25), by=company.center,
            at=cast.moment(2011, 11, day),
        )  # fmt: skip
    (row,) = rows(drafted(company), "repeats")
    assert row == ["锦澜府", "设施设备", "项目1 · 要求1", "2"]


def test_a_score_stands_beside_the_self_score_and_may_lack_it(company):
    standing = Standing.objects.get(project=company.one)
    standing.composite, standing.provisional = "88.00", False
    standing.save()
    Score.objects.create(
        campaign=company.campaign, project=company.one, specialty=company.lines["facilities"],
        rubric=cast.rubric(company.campaign, company.lines["facilities"]), kind="self",
        kept=95, possible=100, finished_at=AT, updated_at=AT,
    )  # fmt: skip
    summary = drafted(company)
    assert rows(summary, "scores") == [
        ["锦澜府", "95.00", "88.00", "+7.00"],
        ["翠屏苑", "—", "—", "—"],
    ]
    assert show_scores({"projects": []}, {})[0].rows == []


def test_policies_say_what_they_prevent_and_filing_who_was_late(company):
    approved(company)
    late = report(company)
    late.due, late.first_submitted_at = date(2011, 12, 1), cast.moment(2011, 12, 2)
    late.save()
    summary = drafted(company)
    assert rows(summary, "policies")[0][:2] == ["配电房管理规程", "设施设备"]
    assert rows(summary, "filing")[0][1:] == ["1", "0", "1", "0", "0.0%"]


def test_trainings_tell_who_came_and_exams_who_passed(company):
    training = Training.objects.create(
        campaign=company.campaign, specialty=company.lines["order"], title="巡更标准",
        topics="路线", starts_at=cast.moment(2011, 10, 25), place="总部", trainer="孙浩",
        planned_at=cast.moment(2011, 10, 20),
    )  # fmt: skip
    for name, came in (("马超", True), ("刘晓燕", True), ("陈立群", False)):
        training.attendances.create(name=name, came=came, marked_at=AT)
    (row,) = rows(drafted(company), "learning")
    assert (row[0], row[1], row[3], row[4]) == ("巡更标准", "秩序维护", "2", "66.7%")


def test_a_campaign_without_anything_still_gets_a_summary(company):
    summary = drafted(company)
    assert summary.chapters.count() == 8
    assert "没有查出问题" in chapter(summary).text


# --- what people type


def test_newest_figures_never_touch_what_somebody_typed(company):
    summary = drafted(company)
    edit_chapter(
        chapter=chapter(summary), revision=0, changes={"text": "我写的"}, by=company.center, at=AT
    )
    finding_of(company)
    refresh_facts(summary=summary, by=company.center, at=LATER)
    found = chapter(summary)
    assert (found.text, found.facts["total"]["found"], found.facts_at) == ("我写的", 1, LATER)
    assert found.revision == 1


def test_drafted_again_keeps_what_is_there_and_adds_what_is_missing(company):
    summary = drafted(company)
    edit_chapter(
        chapter=chapter(summary), revision=0, changes={"text": "我写的"}, by=company.center, at=AT
    )
    chapter(summary, "filing").delete()
    again = drafted(company)
    assert again == summary
    assert chapter(summary).text == "我写的"
    assert summary.chapters.count() == 8
    assert history_of(summary).filter(verb="draft_summary").count() == 1


def test_two_people_at_one_chapter_meet_a_conflict(company):
    summary = drafted(company)
    edit = {"revision": 0, "by": company.center, "at": AT}
    edit_chapter(chapter=chapter(summary), changes={"text": "甲"}, **edit)
    with pytest.raises(Conflict) as conflict:
        edit_chapter(chapter=chapter(summary), changes={"text": "乙"}, **edit)
    assert conflict.value.theirs.text == "甲"


def test_pairs_are_chosen_from_findings_with_both_pictures(company):
    finding = verified(company)
    summary = drafted(company)
    pair = summary.pairs.get()
    assert (pair.finding, pair.before.moment, pair.after.moment) == (finding, "before", "after")
    choose_pairs(summary=summary, findings=[], by=company.center, at=LATER)
    assert not summary.pairs.exists()
    bare = open_finding(
        campaign=company.campaign, project=company.two, problem="没有照片",
        specialty=company.lines["order"], due=date(2011, 12, 1), by=company.center, at=AT,
    )  # fmt: skip
    with pytest.raises(Refused) as refused:
        choose_pairs(summary=summary, findings=[bare], by=company.center, at=LATER)
    assert refused.value.code == "no_pair"


def test_one_press_hands_it_in_for_every_open_milestone_that_asks(company):
    owed = [report(company, code) for code in ("summary_meeting", "lessons")]
    verified(company)
    summary = drafted(company)
    hand_in_summary(summary=summary, by=company.center, at=LATER)
    kinds = [list(each.evidence.standing().values_list("kind", flat=True)) for each in owed]
    assert kinds == [["summary_report"], ["summary_report"]]
    assert summary.handed_in_at == LATER


def test_nothing_is_handed_in_where_nothing_is_owed(company):
    with pytest.raises(Refused) as refused:
        hand_in_summary(summary=drafted(company), by=company.center, at=LATER)
    assert refused.value.code == "not_owed"


# --- its page


@pytest.mark.parametrize("who", ["president", "executive", "lead", "admin", "center"])
def test_company_roles_read_a_draft(signed, company, who):
    drafted(company)
    assert "问题查找和整改" in body(signed(who).get(SUMMARY))


@pytest.mark.parametrize("who", ["manager", "worker"])
def test_a_projects_people_read_it_once_it_was_handed_in(signed, company, who):
    report(company)
    verified(company)
    summary = drafted(company)
    client = signed(who)
    assert "问题查找和整改" not in body(client.get(SUMMARY))
    assert client.get(f"{SUMMARY}papers/summary.pdf").status_code == 404
    hand_in_summary(summary=summary, by=company.center, at=LATER)
    assert "问题查找和整改" in body(client.get(SUMMARY))
    assert client.get(f"{SUMMARY}papers/summary.docx").content[:2] == b"PK"


def test_pictures_of_a_handed_in_summary_are_seen_in_other_projects(signed, company):
    report(company)
    verified(company)
    summary = drafted(company)
    file = summary.pairs.get().before.file
    assert signed("other_manager").get(f"/files/{file.pk}/").status_code == 404
    hand_in_summary(summary=summary, by=company.center, at=LATER)
    assert signed("other_manager").get(f"/files/{file.pk}/").status_code == 200


@pytest.mark.parametrize("who", ["president", "executive", "lead", "manager"])
@pytest.mark.parametrize("do", ["draft", "refresh", "choose", "hand_in", "save:chapter-1"])
def test_only_the_center_writes_it(signed, company, who, do):
    drafted(company)
    assert signed(who).post(SUMMARY, {"do": do}).status_code == 403


def test_the_center_drafts_it_with_one_press(signed, company):
    client = signed("center")
    assert "起草总结" in body(client.get(SUMMARY))
    assert client.post(SUMMARY, {"do": "draft"}).status_code == 302
    assert Summary.objects.count() == 1


@pytest.mark.parametrize(
    "do",
    [
        "refresh:nonsense",
        "save:chapter-x",
        "save:chapter-99999999999999999999",
        "hand_in",
        "choose",
    ],
)
def test_garbage_is_answered_and_never_an_error(signed, company, do):
    drafted(company)
    response = signed("center").post(SUMMARY, {"do": do, "finding": ["x", "%00"]})
    assert response.status_code in (302, 404, 409)


def test_moves_before_there_is_a_summary_are_refused(signed, company):
    assert signed("center").post(SUMMARY, {"do": "refresh"}).status_code == 409


def typed(found, text, revision=0):
    key = f"chapter-{found.pk}"
    return {
        "do": f"save:{key}",
        "revision": revision,
        f"initial-{key}-text": found.text,
        f"{key}-text": text,
    }


def test_a_typed_chapter_is_saved_and_a_stale_page_gets_both_versions(signed, company):
    found = chapter(drafted(company))
    client = signed("center")
    answer = client.post(SUMMARY, typed(found, "第一段\n第二段"), headers=JSON)
    assert answer.json()["revision"] == 1
    stale = client.post(SUMMARY, typed(found, "另一个人写的"), headers=JSON)
    assert stale.status_code == 409
    assert "第二段" in stale.json()["both"]
    assert "另一个人写的" in stale.json()["both"]
    assert "另一个人写的" in body(client.post(SUMMARY, typed(found, "另一个人写的")))


def test_each_field_starts_from_one_value_so_that_only_what_is_typed_is_sent(signed, company):
    summary = drafted(company)
    page = body(signed("center").get(SUMMARY))
    names = [f'name="initial-chapter-{each.pk}-text"' for each in summary.chapters.all()]
    assert [page.count(name) for name in names] == [1] * 8


def test_overlong_words_stand_beside_their_error(signed, company):
    found = chapter(drafted(company))
    answer = signed("center").post(SUMMARY, typed(found, "长" * 20_001), headers=JSON)
    assert answer.json()["errors"]
    assert Chapter.objects.get(pk=found.pk).text == found.text


def test_words_typed_after_the_campaign_ended_are_shown_again(signed, company):
    found = chapter(drafted(company))
    company.campaign.closed_at = LATER
    company.campaign.save()
    response = signed("center").post(SUMMARY, typed(found, "来晚了的字"))
    assert response.status_code == 409
    assert "来晚了的字" in body(response)


def test_the_page_asks_the_same_of_few_findings_and_of_many(signed, company):
    verified(company)
    summary = drafted(company)
    client = signed("center")
    few = queries_of(lambda: client.get(SUMMARY))
    for number in range(4):
        open_finding(
            campaign=company.campaign, project=company.two, problem=f"积水{number}",
            specialty=company.lines["order"], due=date(2011, 12, 1), by=company.center,
            at=cast.moment(2011, 11, 20),
        )  # fmt: skip
    refresh_facts(summary=summary, by=company.center, at=LATER)
    assert queries_of(lambda: client.get(SUMMARY)) == few
