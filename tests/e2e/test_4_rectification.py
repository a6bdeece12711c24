"""Step 4: the responsible person rectifies with photos; the center reopens, then verifies."""

import pytest
from playwright.sync_api import expect

from organization.history import history_of
from tests.e2e.material import photo
from tests.e2e.world import settle_in

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
LAMP = "地下车库照明损坏"
FIXED = "更换 12 支灯管，拆除一处私接"


@pytest.fixture
def world(live_server):
    return settle_in("rectify")


def test_rectified_reopened_and_verified(world, open_page, sign_in, look):
    open_page.expect("status of 422")  # what was sent without words, pictures or a reason
    finding = world.finding(LAMP, responsible="emp01")
    worker = sign_in("emp01", "phone")
    worker.get_by_role("link", name="收件箱").click()
    worker.get_by_role("link", name="锦澜府有 1 条问题由您整改").click()
    worker.get_by_role("link", name=LAMP).click()
    expect(worker.get_by_role("heading", level=1)).to_have_text(LAMP)
    worker.wait_for_load_state()
    look(worker, "to-rectify")
    send = worker.get_by_role("button", name="整改完成，送去验证").filter(visible=True)
    send.click()
    expect(worker.get_by_text("写一写是怎么改的。")).to_be_visible()
    expect(worker.get_by_text("还缺整改后照片。").filter(visible=True).first).to_be_visible()
    worker.wait_for_load_state()
    finding.refresh_from_db()
    assert finding.rectified_at is None

    worker.get_by_label("怎么改的").fill(FIXED)
    worker.get_by_label("拍照或选图（整改前）").set_input_files(photo("前.jpg"))
    expect(worker.get_by_text("照片已保存")).to_be_visible()
    worker.get_by_label("拍照或选图（整改后）").set_input_files(photo("后.jpg"))
    expect(worker.get_by_text("前后照片都有了").filter(visible=True)).to_be_visible()
    expect(worker.locator(".form-error").filter(visible=True)).to_have_count(1)  # the words'
    expect(worker.get_by_label("怎么改的")).to_have_value(FIXED)
    look(worker, "with-pictures")
    send.click()
    expect(worker.get_by_role("status").first).to_contain_text("整改已送去验证")
    finding.refresh_from_db()
    assert finding.rectified_by == world.people["emp01"]
    assert sorted(finding.photos.values_list("moment", flat=True)) == ["after", "before"]

    center = sign_in("center")
    center.get_by_role("link", name="验证").first.click()
    center.get_by_role("link", name=f"验证 {LAMP} 锦澜府").click()
    expect(center.get_by_role("img", name=f"整改前：{LAMP}")).to_be_visible()
    expect(center.get_by_role("img", name=f"整改后：{LAMP}")).to_be_visible()
    look(center, "to-verify")
    center.get_by_role("button", name="退回重改").filter(visible=True).click()
    expect(center.get_by_text("写明退回的原因，项目才知道还要改什么。")).to_be_visible()
    center.get_by_label("说明").fill("东侧还有两盏不亮")
    center.get_by_role("button", name="退回重改").filter(visible=True).click()
    finding.refresh_from_db()
    assert finding.reopened_by == world.people["center"]

    worker.goto("/")
    expect(worker.get_by_text("重开：东侧还有两盏不亮").first).to_be_visible()
    worker.get_by_role("link", name=f"整改 {LAMP}").click()
    expect(
        worker.get_by_text("退回以后，要有一张新的整改后照片。").filter(visible=True)
    ).to_be_visible()
    worker.wait_for_load_state()
    look(worker, "reopened")
    worker.get_by_label("怎么改的").fill(f"{FIXED}，东侧两盏也换了")
    worker.get_by_label("拍照或选图（整改后）").set_input_files(photo("后 2.jpg"))
    expect(worker.get_by_text("照片已保存")).to_be_visible()
    send.click()
    expect(worker.get_by_role("status").first).to_contain_text("整改已送去验证")

    center.goto(finding.get_absolute_url())
    center.get_by_role("button", name="确认已整改").filter(visible=True).click()
    expect(center.get_by_role("heading", level=1)).to_have_text(LAMP)
    expect(center.locator(".story")).to_contain_text("确认已整改")
    look(center, "verified")
    finding.refresh_from_db()
    assert finding.verified_by == world.people["center"]
    moves = [entry.verb for entry in history_of(finding).order_by("at", "id")]
    assert [verb for verb in moves if verb in {"rectify", "reopen", "verify"}] == [
        "rectify", "reopen", "rectify", "verify",
    ]  # fmt: skip

    manager = sign_in("pm01", "phone")
    manager.get_by_role("link", name="问题", exact=True).click()
    look(manager, "findings")
    manager.get_by_role("link", name="已验证").click()
    expect(manager.get_by_role("link", name=LAMP)).to_be_visible()


def test_a_picture_that_is_none_is_refused_and_the_words_stay(world, sign_in, look):
    finding = world.finding(LAMP, responsible="emp01")
    worker = sign_in("emp01", "phone")
    worker.goto(finding.get_absolute_url())
    worker.get_by_label("怎么改的").fill(FIXED)
    fake = {"name": "前.jpg", "mimeType": "image/jpeg", "buffer": b"GIF89a no picture"}
    worker.get_by_label("拍照或选图（整改前）").set_input_files(fake)
    expect(worker.locator(".form-error:visible")).to_contain_text("前.jpg")
    expect(worker.get_by_label("怎么改的")).to_have_value(FIXED)
    look(worker, "refused")
    assert not finding.photos.exists()
