"""A backup has the bucket's files, goes back into a bucket, and is none while that is away."""

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from organization.errors import StorageAway
from organization.files import store_upload
from organization.models import StoredFile
from tests import uploads
from tests.bucket import away, bucket, store  # noqa: F401 - fixtures
from tests.portal.backup.places import KEY, as_if_migrated, empty_place
from tests.portal.evidence import inspected

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def installation(settings, tmp_path):
    settings.BACKUP_KEYS = [KEY]
    settings.DATA_DIR = tmp_path / "data"
    settings.DATA_DIR.mkdir()
    settings.MIGRATION_MODULES = {}
    as_if_migrated()


def backed_up(target):
    call_command("backup", str(target))
    return next(target.glob("*.backup"))


def test_it_comes_back_into_an_empty_bucket_and_verifies(bucket, tmp_path):  # noqa: F811
    inspected()
    files = {each.file.name: bucket.read(each.file.name) for each in StoredFile.objects.all()}
    path = backed_up(tmp_path / "backups")
    with empty_place(tmp_path / "restored") as place:
        refused = place.manage("restore", path, **bucket.environment)
        assert "nothing was done" in refused.stderr
        bucket.empty()
        done = place.manage("restore", path, **bucket.environment)
        assert (done.returncode, done.stderr) == (0, "")
        assert "no differences" in done.stdout
        assert {name: bucket.read(name) for name in bucket.names()} == files
        assert len(files) > 0
        assert not (place.folder / "files").exists()
        bucket.put(next(iter(files)), b"another")
        assert place.manage("verify", **bucket.environment).returncode != 0


def test_files_of_a_bucket_that_is_away_are_not_called_missing(bucket, tmp_path, request):  # noqa: F811
    store_upload(upload=uploads.picture(), by=None, at=timezone.now())
    request.getfixturevalue("away")
    with pytest.raises((CommandError, StorageAway)):
        call_command("backup", str(tmp_path / "backups"))
    assert list((tmp_path / "backups").iterdir()) == []
