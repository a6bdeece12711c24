"""What a self-check found missing becomes a line of the plan: once, whole, or not at all."""

import uuid

import pytest
from django.urls import reverse

from inspections.models import Finding, ImprovementPlan
from inspections.plan.past import offered
from inspections.plan.plans import file_plan, remove_finding
from inspections.plan.revisions import revise_plan
from inspections.self_check.take_up import take_up, take_up_all
from inspections.sheet import observations
from inspections.words import Source
from organization.errors import Refused
from tests import cast
from tests.inspections import entering, writing
from tests.inspections.tapping import JSON, pieces
from tests.inspections.test_self_check import CHECKING, check, deputy, handed_in, lack  # noqa: F401

TAKING = {"at": CHECKING}


@pytest.fixture
def seen(company):
    return lack(check(company), company.manager, note="钥匙柜没有“编号”🔑")


def taken(company, observation):
    return take_up(observation=observation, by=company.manager, at=CHECKING)


def test_it_becomes_a_line_that_remembers_where_it_came_from(company, seen):
    line = taken(company, seen)
    assert (line.source, line.specialty, line.requirement_id, line.observation) == (
        Source.SELF_CHECK,
        company.lines["customer_service"],
        seen.requirement_id,
        seen.pk,
    )
    assert line.problem == "项目1：“要求1”不符合要求（钥匙柜没有“编号”🔑）"
    assert line.plan == ImprovementPlan.objects.get(project=company.one)


def test_its_pictures_are_those_of_before(company):
    seen = lack(check(company), company.manager, photos=[writing.picture()])
    photo = taken(company, seen).photos.get()
    assert (photo.moment, photo.file) == ("before", seen.photos.get().file)


def test_the_same_again_changes_nothing(company, seen):
    assert taken(company, seen) == taken(company, seen)
    assert Finding.objects.count() == 1


def test_another_observation_of_the_same_requirement_counts_as_taken(company, seen):
    line = taken(company, seen)
    other = lack(seen.sheet, company.manager, points="2")
    assert taken(company, other) == line
    assert Finding.objects.count() == 1


def test_what_was_changed_meanwhile_is_taken_as_it_stands_now(company, seen):
    now = lack(seen.sheet, company.manager, points="2", replaces=seen, note="两把")
    assert taken(company, seen).observation == now.pk


def test_what_was_taken_back_is_refused(company, seen):
    observations.withdraw(observation=seen, by=company.manager, at=CHECKING)
    with pytest.raises(Refused) as refusal:
        taken(company, seen)
    assert refusal.value.code == "withdrawn"
    assert not ImprovementPlan.objects.exists()


def test_an_audits_deduction_is_not_taken_up(company):
    seen = entering.missing(entering.opened(company), company.auditor)
    with pytest.raises(Refused) as refusal:
        taken(company, seen)
    assert refusal.value.code == "not_self_check"


@pytest.mark.parametrize("stage", ["submitted", "filed"])
def test_a_plan_that_is_out_of_hand_says_so_and_keeps_nothing(company, seen, stage):
    plan = writing.submitted(company)
    if stage == "filed":
        file_plan(plan=plan, by=company.center, at=writing.LATER)
    lack(seen.sheet, company.manager, number=2)
    with pytest.raises(Refused) as refusal:
        take_up_all(sheet=seen.sheet, by=company.manager, at=CHECKING)
    assert refusal.value.code in {"waiting_review", "filed"}
    assert Finding.objects.count() == 1


def test_all_at_once_takes_what_is_left(company, seen):
    taken(company, seen)
    lack(seen.sheet, company.manager, number=2)
    lack(seen.sheet, company.manager, number=2, points="2")
    lack(seen.sheet, company.manager, number=3)
    assert take_up_all(sheet=seen.sheet, by=company.manager, at=CHECKING) == 2
    assert take_up_all(sheet=seen.sheet, by=company.manager, at=CHECKING) == 0
    assert Finding.objects.count() == 3


def test_a_line_that_was_removed_may_be_taken_up_again(company, seen):
    remove_finding(finding=taken(company, seen), by=company.manager, at=CHECKING)
    assert taken(company, seen).observation == seen.pk


def test_the_plan_no_longer_offers_what_was_taken_up(company):
    sheet = check(company)
    first = lack(sheet, company.manager)
    taken(company, first)
    lack(sheet, company.manager, points="2", replaces=first)
    lack(sheet, company.manager, number=2)
    entering.confirm_all(sheet, company.manager, at=CHECKING)
    entering.sheets.submit_sheet(sheet=sheet, by=company.manager, at=CHECKING)
    plan = ImprovementPlan.objects.get()
    assert [past.requirement.item.code for past in offered(plan)] == ["I02"]


# --- on the page ------------------------------------------------------------------------------


def entry(seen):
    return reverse("sheet_entry", args=[seen.sheet.campaign.code, seen.sheet_id])


def tap(client, seen):
    fields = {"do": "take_up", "id": str(uuid.uuid4()), "observation": str(seen.pk)}
    return client.post(entry(seen), fields, headers=JSON)


def test_a_tap_answers_with_the_link_to_the_line(company, seen, client):
    client.force_login(company.manager)
    assert "列入方案" in client.get(seen.sheet.get_absolute_url()).content.decode()
    changed = pieces(tap(client, seen))
    place = changed[f"take-{seen.requirement_id}"]
    assert "已列入方案" in place
    assert f"#line-{Finding.objects.get().pk}" in place
    assert "缺失 1 处，已列入 1 处" in changed["to-plan"]


def test_a_tap_that_comes_twice_makes_one_line(company, seen, client):
    client.force_login(company.manager)
    assert [tap(client, seen).status_code for _again in range(2)] == [200, 200]
    assert Finding.objects.count() == 1


def test_a_tap_is_told_when_the_plan_is_out_of_hand(company, seen, client):
    writing.submitted(company)
    client.force_login(company.manager)
    answer = tap(client, seen)
    assert answer.status_code == 422
    assert "正在等管理中心审核" in answer.json()["error"]


def test_the_finished_sheet_has_the_buttons_too(company, client):
    sheet = handed_in(company, lost=["1", "1"])
    client.force_login(company.manager)
    page = client.get(sheet.get_absolute_url()).content.decode()
    assert "全部列入（2 处）" in page
    assert page.count("btn-primary") == 1
    seen = sheet.observations.filter(requirement__isnull=False).first()
    plain = {"do": "take_up", "observation": str(seen.pk)}
    answer = client.post(entry(seen), plain, follow=True)
    assert "缺失 2 处，已列入 1 处" in answer.content.decode()


def test_all_at_once_ends_in_the_plan(company, client):
    sheet = handed_in(company, lost=["1", "1"])
    client.force_login(company.manager)
    url = reverse("sheet_take_up", args=[company.campaign.code, sheet.pk])
    page = client.post(url, follow=True).content.decode()
    assert "列入了 2 条" in page
    assert "“要求1”不符合要求" in page


def test_all_at_once_says_why_it_cannot(company, client):
    sheet = handed_in(company)
    writing.submitted(company)
    client.force_login(company.manager)
    url = reverse("sheet_take_up", args=[company.campaign.code, sheet.pk])
    assert "正在等管理中心审核" in client.post(url, follow=True).content.decode()


@pytest.mark.parametrize(
    ("person", "status"),
    [("worker", 403), ("head", 403), ("center", 403), ("president", 403), ("other_manager", 404)],
)
def test_only_leaders_take_up(company, client, person, status):
    sheet = handed_in(company)
    client.force_login(getattr(company, person))
    url = reverse("sheet_take_up", args=[company.campaign.code, sheet.pk])
    assert client.post(url).status_code == status
    assert not Finding.objects.exists()


def test_a_deputy_takes_up_within_the_own_specialty(company, deputy, client):  # noqa: F811
    mine, other = handed_in(company, specialty="order"), handed_in(company)
    client.force_login(deputy)
    urls = [reverse("sheet_take_up", args=[company.campaign.code, x.pk]) for x in (mine, other)]
    assert [client.post(url).status_code for url in urls] == [302, 403]


def test_a_head_who_fills_sees_no_button(company, client):
    head = cast.person(
        "head03", "钱宁", cast.Role.DEPARTMENT_HEAD, project=company.one,
        specialty=company.lines["customer_service"],
    )  # fmt: skip
    seen = lack(check(company), head)
    client.force_login(head)
    assert 'value="take_up"' not in client.get(seen.sheet.get_absolute_url()).content.decode()
    assert "项目经理" in tap(client, seen).json()["error"]


def test_garbage_is_refused_in_words(company, seen, client):
    client.force_login(company.manager)
    fields = {"do": "take_up", "observation": "no-id'; 🔑"}
    assert client.post(entry(seen), fields, headers=JSON).status_code == 422


def test_an_audits_page_knows_nothing_of_plans(company, client):
    seen = entering.missing(entering.opened(company), company.auditor)
    client.force_login(company.auditor)
    page = client.get(seen.sheet.get_absolute_url()).content.decode()
    assert 'id="take-' not in page
    assert 'id="to-plan"' not in page


def test_a_plan_that_is_out_of_hand_leaves_no_button_and_says_why(company, seen, client):
    writing.submitted(company)
    client.force_login(company.manager)
    page = client.get(seen.sheet.get_absolute_url()).content.decode()
    assert 'value="take_up"' not in page
    assert "正在等管理中心审核；退回后才能再改。没有列入的，等方案能改时再列入。" in page


def test_a_filed_plans_revision_takes_it_in(company, seen, client):
    plan = file_plan(plan=writing.submitted(company), by=company.center, at=writing.LATER)
    revision = revise_plan(plan=plan, reason="自查又发现", by=company.manager, at=CHECKING)
    assert taken(company, seen).draft_of == revision
    assert taken(company, seen) == revision.lines.get(observation=seen.pk)
    client.force_login(company.manager)
    page = client.get(seen.sheet.get_absolute_url()).content.decode()
    assert f"{revision.get_absolute_url()}#line-" in page
