"""Visits confirmed by the project, notes by head, files used again, several decided at once."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from campaign.models import NotesOnFile, Obligation
from campaign.obligations import attach_evidence, submit
from tests.e2e.material import paper
from tests.e2e.world import settle_in
from tests.uploads import pdf

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def world(live_server):
    return settle_in("rectify")


def test_a_visit_is_logged_confirmed_and_handed_in(world, sign_in, look):
    owed = world.campaign.obligations.get(
        milestone__code="on_site_support", specialty__code="customer_service"
    )
    lead = sign_in("lead-service", address=owed.get_absolute_url())
    answer = lead.get_by_role("heading", level=1)
    expect(answer).to_have_text("还缺现场督导记录")
    lead.get_by_role("link", name="登记督导").click()
    lead.get_by_label("项目", exact=True).select_option(label="P01 锦澜府")
    lead.get_by_label("日期").fill(world.at(11, 2).date().isoformat())
    lead.get_by_label("到场人员").fill("孙浩、何敏")
    lead.get_by_label("发现和协调的问题").fill("前台报修登记本有 3 条没有回访")
    lead.reload()
    expect(lead.get_by_text("上次没保存的内容已经填回来了。")).to_be_visible()
    expect(lead.get_by_label("到场人员")).to_have_value("孙浩、何敏")
    lead.get_by_role("button", name="登记", exact=True).click()
    expect(answer).to_have_text("等锦澜府确认")
    lead.goto(owed.get_absolute_url())
    expect(answer).to_have_text("1 次督导等项目确认")
    expect(lead.get_by_role("button", name="提交审核")).to_be_disabled()
    look(lead, "unconfirmed")

    manager = sign_in("pm01", "phone")
    manager.get_by_role("link", name="确认 1 次现场督导待确认").click()
    expect(manager.get_by_role("heading", level=1)).to_have_text("1 次督导等您确认")
    manager.get_by_role("link", name="锦澜府 · 客户服务").click()
    look(manager, "to-confirm")
    manager.get_by_role("button", name="情况属实，确认").click()
    expect(manager.get_by_role("status")).to_contain_text("已确认")

    lead.reload()
    lead.get_by_role("button", name="提交审核").click()
    expect(answer).to_have_text("已提交，等管理中心审核")


def test_notes_are_ticked_by_department_and_counted(world, sign_in, look):
    owed = world.obligation("project_kickoff")
    manager = sign_in("pm01", address=owed.get_absolute_url())
    manager.get_by_label("选择文件").set_input_files(paper("员工笔记.pdf"))
    manager.get_by_label("类别").select_option("学习笔记")
    manager.get_by_role("button", name="上传").click()
    expect(manager.get_by_text("0 / 3 人有笔记")).to_be_visible()
    manager.get_by_role("link", name="登记到人 员工笔记.pdf").click()
    manager.get_by_role("checkbox", name="客服部").check()
    expect(manager.get_by_role("checkbox", name="刘晓燕")).to_be_checked()
    manager.get_by_role("checkbox", name="马超").check()
    look(manager, "ticked")
    manager.get_by_role("button", name="保存登记").click()
    expect(manager.get_by_role("heading", level=1)).to_have_text("这份资料里有 2 人的笔记")
    manager.goto(owed.get_absolute_url())
    expect(manager.get_by_text("2 / 3 人有笔记")).to_be_visible()
    manager.get_by_text("还有 1 人没有笔记").click()
    expect(manager.locator(".lacking").get_by_text("陈立群")).to_be_visible()
    assert {mark.person.name for mark in NotesOnFile.objects.all()} == {"刘晓燕", "马超"}


def test_a_file_on_record_is_used_again(world, sign_in, look):
    first, second = world.obligation("project_kickoff"), world.obligation("duty_study")
    known = {"kind": "minutes", "by": world.people["pm01"], "at": world.now}
    attach_evidence(obligation=first, upload=pdf("动员会纪要.pdf"), **known)
    manager = sign_in("pm01", "phone", address=second.get_absolute_url())
    manager.get_by_role("link", name="从已有资料中选用").click()
    manager.get_by_role("checkbox", name="动员会纪要.pdf").check()
    look(manager, "picker")
    manager.get_by_role("button", name="选用所选文件").click()
    expect(manager.get_by_role("status")).to_contain_text("已选用 1 个文件")
    assert second.evidence.get().reused_from == first.evidence.get()


def test_the_center_returns_two_with_one_reason(world, sign_in, look):
    for project in ("P01", "P02"):
        owed, by = world.obligation("project_kickoff", project), world.people[f"pm{project[1:]}"]
        for kind in owed.milestone.evidence:
            attach_evidence(obligation=owed, upload=pdf(), kind=kind, by=by, at=world.now)
        submit(obligation=owed, by=by, at=world.now)
    center = sign_in("center", address=reverse("review", args=[world.campaign.code]))
    for box in center.get_by_role("checkbox").all():
        box.check()
    center.get_by_role("button", name="退回所选任务").click()
    expect(center.get_by_text("请写明退回的理由。")).to_be_visible()
    expect(center.get_by_role("checkbox").first).to_be_checked()
    look(center, "no-reason")
    center.get_by_label("退回理由").fill("签到表缺夜班")
    center.get_by_role("button", name="退回所选任务").click()
    expect(center.get_by_role("status")).to_contain_text("已退回 2 项任务。")
    assert Obligation.objects.returned().count() == 2
