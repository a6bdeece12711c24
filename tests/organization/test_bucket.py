"""Files in a bucket behave as in a folder; one that is away refuses uploads and nothing else."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import DatabaseError
from django.urls import reverse
from django.utils import timezone

from config import env
from organization.errors import StorageAway
from organization.files import NotKept, kept_digest, store_upload
from organization.models import StoredFile
from organization.moving_files import sides
from organization.person_data import person_zip
from organization.retention import drop_file
from organization.roles import Role
from organization.unclaimed import AGE, erase_unclaimed
from tests import cast
from tests.bucket import away, bucket, store  # noqa: F401 - fixtures
from tests.uploads import pdf, picture

pytestmark = pytest.mark.django_db
LOST = "2026/01/00000000-0000-4000-8000-000000000001.jpg"


@pytest.fixture(autouse=True)
def nothing_looked_at():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def person():
    return cast.person("owner", "陈立群", Role.PROJECT_MANAGER, project=cast.project())


def kept(upload=None, by=None):
    return store_upload(upload=upload or picture(), by=by, at=cast.NOW)


def later():
    return timezone.now() + AGE + timedelta(hours=1)


def test_an_upload_lies_in_the_bucket_and_nowhere_else(bucket, settings, tmp_path):  # noqa: F811
    settings.MEDIA_ROOT = tmp_path
    stored = kept()
    assert bucket.names() == [stored.file.name]
    assert kept_digest(stored) == stored.kept_sha256
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("make", [picture, pdf])
def test_it_is_served_by_the_application_as_from_a_folder(client, person, bucket, make):  # noqa: F811
    stored = kept(make(), by=person)
    client.force_login(person)
    response = client.get(reverse("file", args=[stored.pk]))
    assert b"".join(response) == bucket.read(stored.file.name)
    assert response["Content-Type"] == stored.mime
    assert response["Content-Length"] == str(stored.size)
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert response["Content-Disposition"].startswith("inline" if stored.is_image else "attach")


def test_a_stranger_gets_nothing_of_it(client, bucket, person):  # noqa: F811
    client.force_login(cast.person("stranger", "彭海燕", Role.PROJECT_MANAGER))
    assert client.get(reverse("file", args=[kept(by=person).pk])).status_code == 404


def test_nobody_reaches_the_bucket_without_its_keys(bucket):  # noqa: F811
    stored = kept()
    grants = bucket.client.get_object_acl(Bucket="pinzhi", Key=stored.file.name)["Grants"]
    assert not [each for each in grants if "AllUsers" in each["Grantee"].get("URI", "")]


def test_what_a_person_takes_along_has_the_files(bucket, person, tmp_path):  # noqa: F811
    stored = kept(by=person)
    with (tmp_path / "mine.zip").open("wb+") as out:
        person_zip(person, out)
        assert str(stored.pk).encode() in (tmp_path / "mine.zip").read_bytes()


def test_a_dropped_file_leaves_the_bucket(bucket, django_capture_on_commit_callbacks):  # noqa: F811
    stored = kept()
    with django_capture_on_commit_callbacks(execute=True):
        drop_file(stored)
    assert bucket.names() == []


def test_where_the_row_fails_no_file_stays(bucket, monkeypatch):  # noqa: F811
    def fail(self, *arguments, **more):
        raise DatabaseError("broken")

    monkeypatch.setattr(StoredFile, "save", fail)
    with pytest.raises(DatabaseError):
        kept()
    assert bucket.names() == []


def test_the_probe_leaves_nothing(client, bucket):  # noqa: F811
    assert client.get("/readyz").json()["parts"]["storage"] == "ok"
    assert bucket.names() == []


# --- away --------------------------------------------------------------------------------------


def test_an_upload_is_refused_in_words_and_leaves_no_row(away):  # noqa: F811
    with pytest.raises(NotKept, match="文件存储暂时连不上"):
        kept()
    assert not StoredFile.objects.exists()


def test_pages_go_on_and_the_probe_says_why_not(client, away):  # noqa: F811
    response = client.get("/readyz")
    assert (response.status_code, response.json()["parts"]["storage"]) == (200, "broken")
    assert client.get(reverse("login")).status_code == 200


def test_a_file_that_can_not_be_fetched_is_a_pause(client, person, bucket, request):  # noqa: F811
    stored = kept(by=person)
    client.force_login(person)
    request.getfixturevalue("away")
    client.raise_request_exception = False
    response = client.get(reverse("file", args=[stored.pk]))
    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert "文件存储" in response.content.decode()


def test_a_digest_is_not_called_wrong_while_it_is_away(bucket, request):  # noqa: F811
    stored = kept()
    request.getfixturevalue("away")
    with pytest.raises(StorageAway):
        kept_digest(stored)


def test_what_it_could_not_delete_goes_later(bucket):  # noqa: F811
    stored = kept()
    bucket.put(LOST, b"of nobody")
    bucket.put("of-others.txt", b"not ours")
    assert erase_unclaimed(timezone.now()) == 0
    assert erase_unclaimed(later()) == 1
    assert bucket.names() == sorted([stored.file.name, "of-others.txt"])


def test_nothing_goes_where_the_database_knows_none_of_it(bucket):  # noqa: F811
    bucket.put(LOST, b"another installation's")
    assert erase_unclaimed(later()) == 0
    assert bucket.names() == [LOST]


def test_nothing_is_looked_for_while_it_is_away(away):  # noqa: F811
    assert erase_unclaimed(later()) == 0


# --- from a folder into it ---------------------------------------------------------------------


@pytest.fixture
def in_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    return [kept(), kept(pdf())]


def test_files_move_and_are_compared(in_folder, request, capsys):
    held = request.getfixturevalue("bucket")
    call_command("move_files")
    assert "moved 2" in capsys.readouterr().out
    assert held.names() == sorted(each.file.name for each in in_folder)
    assert {kept_digest(each) for each in StoredFile.objects.all()} == {
        each.kept_sha256 for each in in_folder
    }
    call_command("move_files")
    assert "there 2" in capsys.readouterr().out


def test_a_file_that_was_changed_is_not_moved(in_folder, request, capsys):
    held = request.getfixturevalue("bucket")
    folder, _ = sides(back=False)
    folder.delete(in_folder[0].file.name)
    folder.save(in_folder[0].file.name, ContentFile(b"another"))
    with pytest.raises(CommandError, match="differ"):
        call_command("move_files")
    assert f"changed: {in_folder[0].file.name}" in capsys.readouterr().err
    assert held.names() == [in_folder[1].file.name]


def test_another_file_in_the_bucket_is_seen(in_folder, request, capsys):
    held = request.getfixturevalue("bucket")
    held.put(in_folder[0].file.name, b"another")
    with pytest.raises(CommandError, match="differ"):
        call_command("move_files")
    assert f"different: {in_folder[0].file.name}" in capsys.readouterr().err


def test_and_back(bucket, settings, tmp_path):  # noqa: F811
    settings.MEDIA_ROOT = tmp_path / "files"
    stored = kept()
    call_command("move_files", back=True)
    assert (tmp_path / "files" / stored.file.name).read_bytes() == bucket.read(stored.file.name)


# --- settings ----------------------------------------------------------------------------------


@pytest.mark.parametrize("said", ["oss.example.com", "ftp://oss.example.com", "http://a:b@oss"])
def test_where_it_is_has_to_be_an_address(monkeypatch, said):
    monkeypatch.setenv("FILES_ENDPOINT", said)
    with pytest.raises(ImproperlyConfigured, match="FILES_ENDPOINT"):
        env.server("FILES_ENDPOINT")


def test_the_storage_is_never_written_over(bucket):  # noqa: F811
    names = {default_storage.save("a.txt", ContentFile(b"x")) for _ in range(2)}
    assert len(names) == 2
