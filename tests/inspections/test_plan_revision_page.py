"""A revision's pages: begun from the filed plan, written, reviewed line by line, given up."""

import pytest

from inspections.models import Finding, PlanVersion
from inspections.plan.plans import edit_finding, remove_finding
from inspections.plan.revisions import discard_revision, file_revision, revise_plan, submit_revision
from organization.roles import Role
from tests import cast
from tests.inspections.test_plan_page import JSON, body, typed
from tests.inspections.writing import LATER, filed, line, submitted
from tests.queries import queries_of

PLAN = "/c/c11/plans/P01/"
DRAFT = f"{PLAN}revisions/1/"
OLD, NEW = "加装挡鼠板，封堵电缆沟孔洞", "换不锈钢挡鼠板"


@pytest.fixture
def signed(client, company):
    def as_person(name):
        client.force_login(getattr(company, name))
        return client

    return as_person


@pytest.fixture
def plan(company):
    return filed(company, line(company), line(company, problem="北门岗夜间脱岗"))


@pytest.fixture
def draft(company, plan):
    return revise_plan(plan=plan, reason="检查后补充", by=company.manager, at=LATER)


def changed(company, draft):
    found = draft.lines.first()
    return edit_finding(
        finding=found, revision=0, changes={"measure": NEW}, by=company.manager, at=LATER
    )


@pytest.fixture
def handed_in(company, draft):
    changed(company, draft)
    return submit_revision(draft=draft, by=company.manager, at=LATER)


# --- beginning


def test_a_leader_begins_from_the_filed_plan(signed, company, plan):
    client = signed("manager")
    assert "开始修订" in body(client.get(PLAN))
    asked = {"reason": "检查后补充", "revision": plan.revision}
    page = client.post(f"{PLAN}revise/", asked, follow=True)
    assert page.redirect_chain == [(DRAFT, 302)]
    assert "改要改的，其余不动" in body(page)


def test_without_a_reason_the_page_says_so_and_keeps_nothing_else(signed, plan):
    page = signed("manager").post(f"{PLAN}revise/", {"reason": " ", "revision": plan.revision})
    assert page.status_code == 409
    assert "写明为什么要修订。" in body(page)


def test_a_second_one_who_begins_is_told_and_keeps_the_reason(signed, company, draft):
    data = {"reason": "我也想改", "revision": draft.plan.revision}
    page = signed("manager").post(f"{PLAN}revise/", data)
    assert page.status_code == 409
    assert "继续修订" in body(page)


@pytest.mark.parametrize(("who", "status"), [("center", 403), ("worker", 403), ("executive", 403),
                                             ("other_manager", 404)])  # fmt: skip
def test_others_do_not_begin_one(signed, plan, who, status):
    data = {"reason": "x", "revision": plan.revision}
    assert signed(who).post(f"{PLAN}revise/", data).status_code == status
    assert not plan.revisions.exists()


def test_a_plan_that_waits_has_nothing_to_revise(signed, company):
    plan = submitted(company)
    client = signed("manager")
    assert "开始修订" not in body(client.get(PLAN))
    page = client.post(f"{PLAN}revise/", {"reason": "x", "revision": plan.revision})
    assert page.status_code == 409


@pytest.mark.parametrize("number", ["7", "99999999999999999999"])
def test_a_revision_that_never_was_does_not_exist(signed, plan, number):
    assert signed("manager").get(f"{PLAN}revisions/{number}/").status_code == 404


# --- writing


def test_it_is_written_on_the_same_page_and_the_plan_stays(signed, company, plan, draft):
    found = draft.lines.first()
    data = typed(found, measure=NEW) | {"do": "save"}
    answer = signed("manager").post(DRAFT, data, headers=JSON).json()
    assert answer["lines"][str(found.pk)]["revision"] == 1
    assert "改动 1 条" in answer["parts"]["gate"]
    page = body(signed("center").get(PLAN))
    assert OLD in page and NEW not in page
    assert "看这次修订" in page


def test_taking_out_asks_for_the_reason_and_can_be_taken_back(signed, draft):
    found, client = draft.lines.first(), signed("manager")
    asked = {"do": f"remove:{found.pk}", f"{found.pk}-revision": "0"}
    assert "写明为什么撤销这一条。" in client.post(DRAFT, asked, headers=JSON).json()["refused"]
    answer = client.post(DRAFT, asked | {f"{found.pk}-why": "“已拆除”🔥"}, headers=JSON).json()
    assert "“已拆除”🔥" in answer["row"]
    assert f"restore:{found.pk}" in answer["row"]
    client.post(DRAFT, {"do": f"restore:{found.pk}"})
    found.refresh_from_db()
    assert found.withdrawn_at is None


def test_two_people_in_one_line_see_both_versions(signed, company, draft):
    found = draft.lines.first()
    stale = typed(found, measure="我的办法") | {"do": "save"}
    changed(company, draft)
    page = signed("manager").post(DRAFT, stale)
    assert page.status_code == 409
    assert NEW in body(page) and "我的办法" in body(page)


def test_what_is_rectified_says_that_its_problem_stays(signed, company, draft):
    found = draft.lines.first()
    Finding.objects.filter(pk=found.amends_id).update(rectified_at=LATER)
    page = body(signed("manager").get(f"{DRAFT}?line={found.pk}"))
    assert "已经整改，问题不能再改" in page
    assert f"{found.pk}-why" not in page


def test_an_extension_shows_at_once_in_the_revision(signed, draft):
    found = draft.lines.first()
    Finding.objects.filter(pk=found.amends_id).update(due="2011-11-24")
    page = body(signed("manager").get(f"{DRAFT}?line={found.pk}"))
    assert 'value="2011-11-24"' in page


def test_a_save_into_a_discarded_revision_shows_the_words_again(signed, company, draft):
    data = typed(draft.lines.first(), measure="写到一半") | {"do": "save"}
    discard_revision(draft=draft, reason="不改了", by=company.manager, at=LATER)
    page = signed("manager").post(DRAFT, data)
    assert page.status_code == 409
    assert "写到一半" in body(page)
    assert "不改了" in body(page)


def test_it_is_discarded_with_a_reason(signed, draft):
    client = signed("manager")
    data = {"reason": "", "revision": draft.revision}
    assert "写明为什么放弃这次修订。" in body(client.post(f"{DRAFT}discard/", data))
    page = client.post(f"{DRAFT}discard/", data | {"reason": "情况有变"}, follow=True)
    assert "已放弃这次修订" in body(page)
    assert "情况有变" in body(client.get(DRAFT))


def test_a_deputy_of_one_specialty_writes_but_does_not_give_up(client, company, draft):
    line = company.lines["order"]
    client.force_login(
        cast.person("dep", "林副", Role.DEPUTY_PROJECT_MANAGER, project=company.one, specialty=line)
    )
    assert client.get(DRAFT).status_code == 200
    data = {"reason": "x", "revision": draft.revision}
    assert client.post(f"{DRAFT}discard/", data).status_code == 403


# --- reviewing


def test_the_center_sees_what_changes_and_the_rest_folded(signed, company, handed_in):
    page = body(signed("center").get(DRAFT))
    assert "修订等您审核：改动 1 条" in page
    assert f'<del class="keep-lines">{OLD}</del>' in page
    assert "另有 1 条没有改动" in page


def test_filing_brings_it_into_force_with_a_remark(signed, company, plan, handed_in):
    found = handed_in.lines.first()
    data = {"do": "file", "revision": handed_in.revision, f"remark-{found.pk}": "注意接地"}
    page = body(signed("center").post(f"{DRAFT}review/", data, follow=True))
    assert "修订已备案，改动已经生效。" in page
    assert NEW in page and "注意接地" in page


def test_a_return_without_a_reason_keeps_the_remarks(signed, handed_in):
    found = handed_in.lines.first()
    data = {"do": "return", "revision": handed_in.revision, f"remark-{found.pk}": "怎么换"}
    page = signed("center").post(f"{DRAFT}review/", data)
    assert page.status_code == 409
    assert "怎么换" in body(page)


def test_who_submitted_it_may_not_review_it(signed, handed_in):
    data = {"do": "file", "revision": handed_in.revision}
    assert signed("manager").post(f"{DRAFT}review/", data).status_code == 403


def test_it_stands_in_the_reviews_of_the_center(signed, handed_in):
    page = body(signed("center").get("/c/c11/review/?show=revisions"))
    assert DRAFT in page and "检查后补充" in page
    assert "1 份方案修订待审核" in body(signed("center").get("/"))


# --- versions


def test_any_two_versions_are_compared(signed, company, plan, handed_in):
    page = body(signed("executive").get(f"{PLAN}versions/"))
    assert "第 1 版和第 2 版的差别" in page
    assert f'<ins class="keep-lines">{NEW}</ins>' in page
    turned = body(signed("executive").get(f"{PLAN}versions/?old=2&new=1"))
    assert f'<ins class="keep-lines">{OLD}</ins>' in turned


def submitted_versions(plan, numbers):
    lines = plan.versions.get(number=1).findings
    about = {"submitted_at": LATER, "submitted_by": plan.submitted_by, "findings": lines}
    PlanVersion.objects.bulk_create(
        PlanVersion(plan=plan, number=number, **about) for number in numbers
    )


def test_versions_are_listed_in_pages_at_the_same_cost(signed, plan):
    client = signed("center")
    submitted_versions(plan, range(2, 4))
    few = queries_of(lambda: client.get(f"{PLAN}versions/"))
    submitted_versions(plan, range(4, 301))
    assert queries_of(lambda: client.get(f"{PLAN}versions/")) == few
    first = client.get(f"{PLAN}versions/").context["page"]
    last = client.get(f"{PLAN}versions/?page=15").context["page"]
    assert [version.number for version in first] == list(range(300, 280, -1))
    assert [version.number for version in last] == list(range(20, 0, -1))
    assert "第 1 版和第 300 版的差别" in body(client.get(f"{PLAN}versions/?old=1"))


@pytest.mark.parametrize("asked", ["old=x&new=y", "old=99&new=98", "old=&new=1", "new=-1"])
def test_nonsense_compares_something_that_is_there(signed, handed_in, asked):
    assert "的差别" in body(signed("center").get(f"{PLAN}versions/?{asked}"))


def test_each_version_is_read_as_it_was_submitted(signed, company, plan, handed_in):
    Finding.objects.filter(plan=plan).update(measure="后来改的")
    page = body(signed("worker").get(f"{PLAN}versions/1/"))
    assert OLD in page and "后来改的" not in page
    assert "马超 · 秩序部 员工" in page
    assert signed("worker").get(f"{PLAN}versions/9/").status_code == 404
    assert signed("other_manager").get(f"{PLAN}versions/1/").status_code == 404


def test_a_withdrawn_finding_says_why_and_leaves_the_list(signed, company, draft):
    found = draft.lines.first()
    remove_finding(finding=found, reason="设备已拆除", by=company.manager, at=LATER)
    submit_revision(draft=draft, by=company.manager, at=LATER)
    file_revision(draft=draft, by=company.center, at=LATER)
    client = signed("center")
    page = body(client.get(f"/c/c11/findings/{found.amends_id}/"))
    assert "设备已拆除" in page and "已撤销" in page
    assert "北门岗夜间脱岗" in body(client.get("/c/c11/findings/"))
    assert "配电房缺少防小动物设施" not in body(client.get("/c/c11/findings/?show=all"))
