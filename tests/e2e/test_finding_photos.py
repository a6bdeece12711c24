"""A rectification in a real browser, on a phone: pictures are kept at once, words survive."""

import hashlib
import io
from base64 import b64encode

import pytest
from django.contrib.sessions.models import Session
from PIL import ExifTags, Image
from playwright.sync_api import expect

from inspections.words import Moment
from tests import cast
from tests.inspections.writing import finding_of, picture
from tests.uploads import ORIENTATION

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def found(live_server):
    return finding_of(cast.company())


@pytest.fixture
def sign_in(open_page, found):
    def as_person(username, screen="phone", **options):
        page = open_page(screen, **options)
        page.goto(f"/accounts/login/?next={found.get_absolute_url()}")
        type_password(page, username)
        return page

    return as_person


def type_password(page, username):
    page.fill("[name=username]", username)
    page.fill("[name=password]", cast.PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/findings/**")


def choose(page, moment):
    upload = picture()
    page.set_input_files(
        f"input[name={moment}]",
        {"name": upload.name, "mimeType": "image/png", "buffer": upload.read()},
    )
    expect(page.locator(f"[data-part=shots_{moment}] img")).to_have_count(1)


def press(page, name):
    page.get_by_role("button", name=name).locator("visible=true").click()


@pytest.mark.parametrize("screen", ["phone", "desktop"])
def test_from_pictures_to_verification(sign_in, found, screen):
    page = sign_in("emp01", screen)
    choose(page, "before")
    expect(page.get_by_text("还缺整改后照片。").locator("visible=true")).to_be_visible()
    choose(page, "after")
    page.get_by_label("怎么改的").fill("加装了挡鼠板")
    press(page, "整改完成，送去验证")
    expect(page.locator(".state").first).to_have_text("待验证")
    expect(page.locator(".pair img")).to_have_count(2)
    center = sign_in("center", screen)
    press(center, "确认已整改")
    expect(center.locator("h1 + .head-sub .state")).to_contain_text("迟")
    found.refresh_from_db()
    assert found.verified_by.username == "center"


def test_words_and_pictures_survive_an_expired_session(sign_in, found):
    page = sign_in("emp01")
    choose(page, "after")
    page.get_by_label("怎么改的").fill("写到一半")
    Session.objects.all().delete()
    press(page, "整改完成，送去验证")
    type_password(page, "emp01")
    expect(page.get_by_label("怎么改的")).to_have_value("写到一半")
    expect(page.locator("[data-part=shots_after] img")).to_have_count(1)


def test_a_broken_picture_is_named_beside_its_place(sign_in, found):
    page = sign_in("emp01")
    page.set_input_files(
        "input[name=after]",
        {"name": "坏的.jpg", "mimeType": "image/jpeg", "buffer": b"\xff\xd8\xff nonsense"},
    )
    expect(page.locator("[data-wrong=after]")).to_have_text("图片损坏，无法打开。")
    assert not found.photos.exists()


def test_pictures_go_with_the_form_where_scripts_do_not_run(sign_in, found):
    page = sign_in("emp01", java_script_enabled=False)
    for moment in Moment.values:
        upload = picture()
        page.set_input_files(
            f"input[name={moment}]",
            {"name": upload.name, "mimeType": "image/png", "buffer": upload.read()},
        )
    page.get_by_label("怎么改的").fill("没有脚本也行")
    press(page, "整改完成，送去验证")
    expect(page.locator(".state").first).to_have_text("待验证")
    found.refresh_from_db()
    assert found.rectification == "没有脚本也行"


def noisy(size=(2000, 1200)) -> dict:
    """A picture as a phone's camera gives it: large, on its side, with the time in its EXIF."""
    image = Image.effect_noise(size, 40).convert("RGB")
    exif = image.getexif()
    exif[ORIENTATION] = 6
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = "2026:08:03 09:15:30"
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.OffsetTimeOriginal] = "+08:00"
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif, quality=90)
    return {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def test_a_phone_sends_small_pictures_and_takes_after_over_before(sign_in, found, look):
    page = sign_in("emp01")
    original = noisy()
    assert len(original["buffer"]) > 400 * 1024
    with page.expect_request("**/findings/**") as sent:
        page.set_input_files("input[name=before]", original)
    expect(page.locator("[data-part=shots_before] img")).to_have_count(1)
    kept = found.photos.get(moment=Moment.BEFORE).file
    with Image.open(kept.file) as image:
        assert image.size == (960, 1600)
    assert int(sent.value.all_headers()["content-length"]) < 402 * 1024

    told = page.evaluate(
        "text => photoScale(new File([Uint8Array.from(atob(text), char => char.charCodeAt(0))], "
        "'照片.jpg', { type: 'image/jpeg' }))",
        b64encode(original["buffer"]).decode(),
    )
    assert told["taken_at"] == "2026-08-03T01:15:30.000Z"
    assert told["original_sha256"] == hashlib.sha256(original["buffer"]).hexdigest()
    assert told["sha256"] != told["original_sha256"]

    way = page.get_by_role("button", name="对着整改前拍")
    way.click()
    page.get_by_label("整改前照片的深浅").fill("70")
    expect(page.locator("[data-ghost]")).to_have_css("opacity", "0.7")
    take = page.locator("#after-camera [data-take]")
    expect(take).to_be_enabled()
    look(page, "after-camera")
    take.click()
    expect(page.locator("[data-part=shots_after] img")).to_have_count(1)
    assert found.photos.filter(moment=Moment.AFTER).count() == 1

    page.evaluate("void (navigator.mediaDevices.getUserMedia = () => Promise.reject(Error()))")
    way.click()
    expect(page.get_by_text("打不开相机")).to_be_visible()
    with page.expect_file_chooser():
        page.get_by_role("button", name="选一张照片").click()
