import io
import resource

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from organization import files
from organization.files import (
    DOCUMENTS,
    IMAGES,
    LONGEST_SIDE,
    clean_name,
    kind_of,
    may_read,
    reencode,
    store_upload,
)
from organization.models import StoredFile
from organization.roles import Role
from tests import cast
from tests.uploads import ORIENTATION, PDF, container, pdf, picture

RED = (254, 0, 0)
ROTATED = 6  # EXIF: to be turned by 90 degrees clockwise


@pytest.fixture
def person(db):
    return cast.person("owner", "陈立群", Role.PROJECT_MANAGER, project=cast.project())


@pytest.fixture
def stranger(db):
    return cast.person("stranger", "彭海燕", Role.PROJECT_MANAGER)


def store(upload, by=None, allow=DOCUMENTS):
    return store_upload(upload=upload, by=by, at=cast.NOW, allow=allow)


def opened(stored):
    return Image.open(stored.file.open("rb"))


def refusal_of(upload, allow=DOCUMENTS):
    with pytest.raises(ValidationError) as refusal:
        store(upload, allow=allow)
    assert not StoredFile.objects.exists()
    return refusal.value


def upload_of(data, name="x.pdf"):
    return SimpleUploadedFile(name, data)


def drawn(size=(40, 20), mode="RGB", **saved):
    out = io.BytesIO()
    Image.new(mode, size).save(out, **saved)
    return out.getvalue()


# Kinds


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("upload", "kind", "ending"),
    [
        (pdf(), "pdf", ".pdf"),
        (picture(), "image", ".jpg"),
        (picture(format="PNG"), "image", ".png"),
        (picture(format="WEBP"), "image", ".webp"),
        (container("word/document.xml"), "docx", ".docx"),
        (container("xl/workbook.xml"), "xlsx", ".xlsx"),
        (container("ppt/presentation.xml"), "pptx", ".pptx"),
    ],
)
def test_these_kinds_are_kept_and_known_by_their_content(upload, kind, ending):
    stored = store(upload)
    assert stored.kind == kind
    assert stored.file.name.endswith(f"{stored.pk}{ending}")
    assert stored.size == stored.file.size


@pytest.mark.django_db
@pytest.mark.parametrize(
    "upload",
    [
        upload_of(b"MZ\x90\x00 a program", "报告.pdf"),
        upload_of(b"<html><script>alert(1)</script>", "报告.pdf"),
        upload_of(b"<svg xmlns='http://www.w3.org/2000/svg'/>", "图.png"),
        upload_of(drawn(format="GIF"), "图.png"),
        upload_of(b"just words", "notes.txt"),
        upload_of(b"PK\x03\x04 not really a container", "表.xlsx"),
        container("evil.exe", name="表.xlsx"),
        container("word/document.xml", "word/vbaProject.bin"),
        container("xl/workbook.xml", "xl/VBAPROJECT.BIN"),
    ],
)
def test_other_kinds_are_refused_by_name(upload):
    refusal = refusal_of(upload)
    assert refusal.code == "kind"
    assert upload.name in refusal.message


@pytest.mark.django_db
def test_where_pictures_are_asked_for_nothing_else_is_taken():
    assert refusal_of(pdf(), allow=IMAGES).code == "kind"


@pytest.mark.django_db
def test_an_empty_file_is_refused():
    assert refusal_of(upload_of(b"")).code == "empty"


@pytest.mark.django_db
def test_a_file_at_the_limit_is_kept_and_one_byte_more_is_refused(settings):
    settings.UPLOAD_MAX_BYTES = len(PDF)
    assert store(upload_of(PDF)).size == len(PDF)
    StoredFile.objects.all().delete()
    assert refusal_of(upload_of(PDF + b"\n")).code == "size"


# Pictures


@pytest.mark.django_db
def test_a_picture_loses_its_place_and_everything_else_it_says():
    stored = store(picture())
    image = opened(stored)
    assert not image.getexif()
    assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


NOTE = PngInfo()
NOTE.add_text("Comment", "home")


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("JPEG", {"comment": b"home"}),
        ("JPEG", {"icc_profile": b"home"}),
        ("JPEG", {"xmp": b"home"}),
        ("PNG", {"pnginfo": NOTE}),
        ("WEBP", {"icc_profile": b"home", "xmp": b"home"}),
    ],
)
def test_words_and_profiles_in_a_picture_are_dropped(kind, said):
    data = drawn(format=kind, **said)
    assert b"home" in data
    assert b"home" not in reencode(data, f"image/{kind.lower()}")


@pytest.mark.django_db
def test_a_picture_taken_sideways_is_kept_upright():
    image = opened(store(picture(size=(40, 20), orientation=ROTATED)))
    assert image.size == (20, 40)
    assert ORIENTATION not in image.getexif()
    # the red quarter was at the top left and is at the top right now
    assert image.getpixel((17, 2))[0] > 200 and image.getpixel((17, 2))[1] < 60
    assert image.getpixel((2, 2))[1] > 200


@pytest.mark.django_db
def test_a_large_picture_is_made_smaller_in_proportion():
    image = opened(store(picture(size=(LONGEST_SIDE * 2, LONGEST_SIDE))))
    assert image.size == (LONGEST_SIDE, LONGEST_SIDE // 2)


@pytest.mark.django_db
def test_a_small_picture_keeps_its_size():
    assert opened(store(picture(size=(40, 20)))).size == (40, 20)


def test_a_picture_that_was_made_small_on_the_phone_does_not_grow_again():
    noise = Image.effect_noise((300, 200), 60).convert("RGB")
    out = io.BytesIO()
    noise.save(out, "JPEG", quality=50, comment=b"home")
    kept = reencode(out.getvalue(), "image/jpeg")
    assert len(kept) <= len(out.getvalue())
    assert b"home" not in kept


@pytest.mark.parametrize("mode", ["P", "LA", "RGBA"])
def test_what_is_transparent_stays_so(mode):
    saved = {"transparency": 0} if mode == "P" else {}
    image = Image.open(io.BytesIO(reencode(drawn(mode=mode, format="PNG", **saved), "image/png")))
    assert image.getpixel((1, 1))[3] == 0


def test_a_picture_with_too_many_points_is_refused_before_it_is_decoded(monkeypatch):
    monkeypatch.setattr(files, "MOST_PIXELS", 799)
    with pytest.raises(ValidationError) as refusal:
        reencode(drawn(size=(40, 20), format="PNG"), "image/png")
    assert refusal.value.code == "pixels"


@pytest.mark.django_db
def test_half_a_picture_is_refused():
    whole = picture(size=(400, 400)).read()
    assert refusal_of(upload_of(whole[: len(whole) // 2], "半张.jpg")).code == "image"


WHOLE = {kind: drawn(format=kind) for kind in ("JPEG", "PNG", "WEBP")}


@given(kind=st.sampled_from(list(WHOLE)), place=st.integers(0, 150), byte=st.integers(0, 255))
def test_a_damaged_picture_is_read_or_refused_and_never_breaks_the_page(kind, place, byte):
    data = bytearray(WHOLE[kind])
    data[place % len(data)] = byte
    try:
        assert reencode(bytes(data), f"image/{kind.lower()}")
    except ValidationError as refusal:
        assert refusal.code in {"image", "pixels"}


@given(place=st.integers(4, 400), byte=st.integers(0, 255))
def test_a_damaged_container_is_known_or_not_and_never_breaks_the_page(place, byte):
    data = bytearray(container("word/document.xml").read())
    data[place % len(data)] = byte
    assert kind_of(bytes(data)) in {files.WORD, None}


# Names


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("签到表（10月）.pdf", "签到表（10月）.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\纪要.pdf", "纪要.pdf"),
        ("a\x00b\r\nc.pdf", "abc.pdf"),
        ("报告\u202efdp.exe", "报告fdp.exe"),
        ("x" * 200 + ".pdf", "x" * 116 + ".pdf"),
        ("..", "file"),
        ("", "file"),
        ("\n", "file"),
    ],
)
def test_a_name_is_cleaned(name, shown):
    assert clean_name(name) == shown


@given(st.text(max_size=300))
def test_any_name_becomes_one_that_can_be_shown(name):
    shown = clean_name(name)
    assert 0 < len(shown) <= 120
    assert shown.isprintable()
    assert "/" not in shown and "\\" not in shown


@pytest.mark.django_db
def test_the_stored_name_has_nothing_of_the_given_one():
    stored = store(pdf("../../evil.pdf"))
    assert "evil" not in stored.file.name
    assert ".." not in stored.file.name
    assert stored.name == "evil.pdf"


# Who may read


def test_who_uploaded_it_may_read_it_and_a_stranger_may_not(person, stranger):
    stored = store(pdf(), by=person)
    assert may_read(person, stored)
    assert not may_read(stranger, stored)


def test_whoever_sees_what_carries_it_may_read_it(person, stranger, monkeypatch):
    stored = store(pdf(), by=person)
    monkeypatch.setattr(
        files, "FILE_READERS", [lambda user, file: (user, file) == (stranger, stored)]
    )
    assert may_read(stranger, stored)


def test_nobodys_file_is_read_by_nobody(stranger):
    assert not may_read(stranger, store(pdf()))


# The address


def test_a_picture_is_shown_and_never_as_a_page(client, person):
    client.force_login(person)
    response = client.get(reverse("file", args=[store(picture("现场.jpg"), by=person).pk]))
    assert response["Content-Type"] == "image/jpeg"
    assert response["Content-Disposition"].startswith("inline")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert b"".join(response.streaming_content).startswith(b"\xff\xd8")


def test_anything_else_is_a_download_under_its_own_name(client, person):
    client.force_login(person)
    response = client.get(reverse("file", args=[store(pdf("minutes.pdf"), by=person).pk]))
    assert response["Content-Disposition"] == 'attachment; filename="minutes.pdf"'


def test_a_stranger_learns_nothing_of_a_file(client, person, stranger):
    client.force_login(stranger)
    response = client.get(reverse("file", args=[store(pdf(), by=person).pk]))
    assert response.status_code == 404


def test_without_signing_in_there_is_no_file(client, person):
    response = client.get(reverse("file", args=[store(pdf(), by=person).pk]))
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("login"))


PRIVATE = "/private-files/"


def test_the_web_server_is_told_which_file_to_send(client, person, settings):
    client.force_login(person)
    settings.FILES_REDIRECT = PRIVATE
    stored = store(picture("现场.jpg"), by=person)
    response = client.get(reverse("file", args=[stored.pk]))
    assert response["X-Accel-Redirect"] == PRIVATE + stored.file.name
    assert response.content == b""
    assert response["Content-Type"] == "image/jpeg"
    assert response["Content-Disposition"] == "inline; filename*=utf-8''%E7%8E%B0%E5%9C%BA.jpg"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert response["Cache-Control"].startswith("private")


def test_a_stranger_is_not_told_which_file_it_would_be(client, person, stranger, settings):
    client.force_login(stranger)
    settings.FILES_REDIRECT = PRIVATE
    response = client.get(reverse("file", args=[store(pdf(), by=person).pk]))
    assert response.status_code == 404
    assert "X-Accel-Redirect" not in response


@pytest.mark.django_db
def test_on_a_full_disk_nothing_stays_behind(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (500, before[1]))
    try:
        with pytest.raises(OSError, match="too large"):
            store_upload(upload=picture(size=(900, 600)), by=None, at=cast.NOW)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    assert not StoredFile.objects.exists()
