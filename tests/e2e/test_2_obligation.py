"""Step 2: a project manager hands in what is due; the center returns it, then accepts it."""

import pytest
from playwright.sync_api import expect

from campaign.models import Evidence
from campaign.words import EvidenceKind
from tests.e2e.material import paper, photo
from tests.e2e.world import settle_in

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
TITLE = "各项目召开动员会，正式启动"


@pytest.fixture
def world(live_server):
    return settle_in("mobilize")


def upload(page, kind, file):
    page.get_by_label("选择文件").set_input_files(file)
    page.get_by_label("类别").select_option(kind)
    page.get_by_role("button", name="上传").click()
    expect(page.get_by_role("status")).to_contain_text("已保存")


def test_uploaded_returned_and_accepted(world, sign_in, look):
    owed = world.obligation("project_kickoff")
    manager = sign_in("pm01", "phone")
    look(manager, "my-work")
    manager.get_by_role("link", name=f"交资料 {TITLE}").click()
    answer = manager.get_by_role("heading", level=1)
    expect(answer).to_have_text("还缺会议纪要、签到表、学习笔记")
    hand_in = manager.get_by_role("button", name="提交审核")
    expect(hand_in).to_be_disabled()
    look(manager, "empty")

    upload(manager, "会议纪要", paper("动员会纪要.pdf"))
    upload(manager, "签到表", photo("签到表.jpg"))
    expect(answer).to_have_text("还缺学习笔记")
    expect(hand_in).to_be_disabled()
    upload(manager, "学习笔记", paper("员工笔记.pdf"))
    expect(answer).to_have_text("资料已齐，可以提交")
    manager.get_by_label("说明").fill("应到 46 人，实到 45 人，一人请假")
    look(manager, "complete")
    hand_in.click()
    expect(answer).to_have_text("已提交，等管理中心审核")
    expect(manager.get_by_text("应到 46 人，实到 45 人，一人请假")).to_be_visible()
    owed.refresh_from_db()
    assert owed.submitted_by == world.people["pm01"]
    kinds = {EvidenceKind(each.kind).label for each in owed.evidence.all()}
    assert kinds == {"会议纪要", "签到表", "学习笔记"}

    center = sign_in("center")
    look(center, "center-home")
    center.get_by_role("link", name="报送", exact=True).first.click()
    center.get_by_role("link", name="审核", exact=True).first.click()
    look(center, "review-queue")
    center.get_by_role("link", name=f"审核 {TITLE} 锦澜府").click()
    expect(center.get_by_role("heading", level=1)).to_have_text("等您审核")
    expect(center.get_by_role("img", name="签到表.jpg")).to_be_visible()
    look(center, "to-review")
    center.get_by_role("button", name="退回").click()
    expect(center.get_by_role("alert")).to_be_visible()
    center.get_by_label("退回理由").fill("签到表缺秩序部夜班，请补一张")
    center.get_by_role("button", name="退回").click()
    expect(center.get_by_role("status")).to_contain_text("已退回")

    manager.goto("/")
    expect(manager.get_by_text("签到表缺秩序部夜班，请补一张").first).to_be_visible()
    manager.get_by_role("link", name="收件箱").click()
    manager.get_by_role("link", name="退回").first.click()
    expect(answer).to_have_text("已退回，补正后再提交")
    expect(manager.get_by_label("退回理由").get_by_text("签到表缺秩序部夜班")).to_be_visible()
    expect(manager.get_by_label("说明")).to_have_value("应到 46 人，实到 45 人，一人请假")
    look(manager, "returned")
    upload(manager, "签到表", photo("签到表 夜班.jpg"))
    manager.get_by_role("button", name="提交审核").click()
    expect(answer).to_have_text("已提交，等管理中心审核")

    center.goto(owed.get_absolute_url())
    center.get_by_role("button", name="通过").click()
    expect(center.get_by_role("heading", level=1)).to_have_text("已按时完成")
    owed.refresh_from_db()
    assert owed.accepted_by == world.people["center"]

    manager.goto("/?tab=done")
    manager.get_by_role("link", name=TITLE, exact=True).click()
    expect(answer).to_have_text("已按时完成")
    steps = manager.locator(".story li")
    expect(steps.filter(has_text="签到表缺秩序部夜班，请补一张")).to_be_visible()
    look(manager, "accepted")


def test_a_file_that_is_none_is_named_and_the_note_stays(world, sign_in, look):
    owed = world.obligation("project_kickoff")
    manager = sign_in("pm01")
    manager.goto(owed.get_absolute_url())
    manager.get_by_label("说明").fill("先传一部分")
    fake = {"name": "纪要.pdf", "mimeType": "application/pdf", "buffer": b"MZ not a paper"}
    manager.get_by_label("选择文件").set_input_files(fake)
    manager.get_by_role("button", name="上传").click()
    expect(manager.get_by_role("alert")).to_contain_text("纪要.pdf")
    expect(manager.get_by_label("说明")).to_have_value("先传一部分")
    look(manager, "refused-file")
    assert not Evidence.objects.exists()


def test_who_meanwhile_lost_the_race_sees_both_and_loses_nothing(world, open_page, sign_in, look):
    open_page.expect("status of 409")
    owed = world.obligation("project_kickoff")
    one, other = sign_in("pm01"), sign_in("pm01")
    for page in (one, other):
        page.goto(owed.get_absolute_url())
    one.get_by_label("说明").fill("第一个人写的")
    one.get_by_role("button", name="保存说明").click()
    expect(one.get_by_role("status")).to_contain_text("已保存")
    other.get_by_label("说明").fill("第二个人写的")
    other.get_by_role("button", name="保存说明").click()
    notice = other.get_by_role("alert", name="您打开这一页之后，别人有了改动")
    expect(notice).to_contain_text("第一个人写的")
    expect(notice).to_contain_text("第二个人写的")
    expect(other.get_by_label("说明")).to_have_value("第二个人写的")
    look(other, "conflict")
    owed.refresh_from_db()
    assert owed.note == "第一个人写的"


def test_the_files_are_seen_by_those_who_may_only(world, sign_in):
    owed = world.obligation("project_kickoff")
    manager = sign_in("pm01")
    manager.goto(owed.get_absolute_url())
    upload(manager, "签到表", photo("签到表.jpg"))
    address = manager.get_by_role("img", name="签到表.jpg").get_attribute("src")
    assert manager.request.get(address).ok
    stranger = sign_in("pm02")
    assert stranger.request.get(address).status == 404
    assert stranger.request.get(owed.get_absolute_url()).status == 404
