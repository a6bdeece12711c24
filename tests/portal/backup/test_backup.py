"""A backup of an installation in use, put into an empty place, is the same installation."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings as django_settings
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from organization.files import store_upload
from organization.models import HistoryEntry, StoredFile
from portal.backup import making, restoring
from portal.backup.archive import read_through
from portal.backup.databases import room
from portal.backup.restoring import look_at
from tests import uploads
from tests.portal.backup.places import KEY, OTHER_KEY, as_if_migrated, empty_place
from tests.portal.evidence import inspected

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def installation(settings, tmp_path):
    """Files and keys of this test's own."""
    settings.BACKUP_KEYS = [KEY]
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.DATA_DIR = tmp_path / "data"
    settings.DATA_DIR.mkdir()
    settings.MIGRATION_MODULES = {}  # restoring compares with what there is
    as_if_migrated()


@pytest.fixture
def target(tmp_path):
    return tmp_path / "backups"


def backed_up(target, **options):
    call_command("backup", str(target), **options)
    return max(target.glob("*.backup"))


def test_a_restored_backup_verifies_and_has_every_row_and_file(target, tmp_path):
    inspected()
    files = {each.file.name: each.file.read() for each in StoredFile.objects.all()}
    path = backed_up(target)
    with empty_place(tmp_path / "restored") as place:
        done = place.manage("restore", path)
        assert (done.returncode, done.stderr) == (0, "")
        assert "no differences" in done.stdout
        assert place.count("organization_historyentry") == HistoryEntry.objects.count()
    held = place.folder / "files"
    assert {str(p.relative_to(held)): p.read_bytes() for p in held.rglob("*.*")} == files
    assert len(files) > 0


def test_rows_and_files_are_of_one_moment(target, monkeypatch):
    """What is entered while files are being copied is in the next one."""
    stored()
    take = making.snapshot

    def and_somebody_uploads(*arguments):
        taken = take(*arguments)
        stored()
        return taken

    monkeypatch.setattr(making, "snapshot", and_somebody_uploads)
    manifest = look_at(backed_up(target))
    assert (manifest.files, manifest.missing) == (1, [])
    assert StoredFile.objects.count() == 2


def test_it_waits_for_nobody_and_has_no_unfinished_work(target):
    """Another transaction goes on meanwhile, with a row that is not there yet."""
    stored()
    with transaction.atomic():
        stored()
        with ThreadPoolExecutor(1) as beside:
            beside.submit(backed_up_beside, target).result(timeout=60)
    assert look_at(next(target.glob("*.backup"))).files == 1


def backed_up_beside(target):
    try:
        call_command("backup", str(target))
    finally:
        connection.close()


def test_a_file_that_is_not_there_is_named_and_the_rest_is_kept(target):
    gone, _kept = stored(), stored()
    default_storage.delete(gone.file.name)
    with pytest.raises(CommandError, match=gone.file.name):
        call_command("backup", str(target))
    manifest = look_at(next(target.glob("*.backup")))
    assert (manifest.files, manifest.missing) == (1, [gone.file.name])


def test_it_says_what_it_is_of(target):
    manifest = look_at(backed_up(target))
    assert manifest.vendor == connection.vendor
    assert manifest.release == django_settings.RELEASE
    assert "organization.0001_initial" in manifest.migrations


def test_the_newest_are_left_and_nothing_else_is_touched(target):
    target.mkdir()
    for name in ("pinzhi-20250101T000000Z.backup", "pinzhi-20250102T000000Z.backup", "note.txt"):
        (target / name).touch()
    newest = backed_up(target, keep=2)
    left = {path.name for path in target.iterdir()}
    assert left == {newest.name, "pinzhi-20250102T000000Z.backup", "note.txt"}


def test_only_its_owner_reads_it_and_nothing_is_left_beside(target, settings):
    path = backed_up(target)
    assert path.stat().st_mode & 0o077 == 0
    assert list(target.iterdir()) == [path]
    assert not (settings.DATA_DIR / "backup").exists()


def test_without_a_key_there_is_none(target, settings):
    settings.BACKUP_KEYS = []
    with pytest.raises(CommandError, match="set BACKUP_KEYS"):
        call_command("backup", str(target))
    assert not target.exists()


def test_where_something_is_nothing_is_restored(target):
    stored()
    with pytest.raises(CommandError, match="the database is not empty"):
        call_command("restore", str(backed_up(target)))
    assert StoredFile.objects.count() == 1


def test_files_that_are_there_already_are_not_mixed_with_a_backup_s(target, monkeypatch):
    stored()
    path = backed_up(target)
    monkeypatch.setattr(restoring, "is_empty", lambda connection: True)
    with pytest.raises(CommandError, match="there are files already"):
        call_command("restore", str(path))


def test_another_key_opens_nothing(target, settings):
    path = backed_up(target)
    settings.BACKUP_KEYS = [OTHER_KEY]
    with pytest.raises(CommandError, match="none of BACKUP_KEYS opens it"):
        call_command("restore", str(path))


def test_a_damaged_one_is_seen_before_anything_is_asked_or_written(target):
    path = backed_up(target)
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size - 100)
    with pytest.raises(CommandError, match="damaged"):
        call_command("restore", str(path))


def test_one_of_a_newer_release_is_refused(target):
    later = "INSERT INTO django_migrations (app, name, applied) VALUES (%s, %s, %s)"
    with connection.cursor() as cursor:
        cursor.execute(later, ["organization", "9999_later", timezone.now()])
    path = backed_up(target)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE name = '9999_later'")
    with pytest.raises(CommandError, match=r"organization\.9999_later"):
        call_command("restore", str(path))


def test_a_backup_can_be_looked_at_without_restoring(target, capsys):
    stored()
    call_command("restore", str(backed_up(target)), check=True)
    assert "1 个文件 / files" in capsys.readouterr().out


def test_the_list_of_contents_names_each_part_with_its_digest(target):
    kept, parts = stored(), {}
    read_through(
        backed_up(target),
        keys=[KEY],
        take=lambda name, part: parts.update({name: (part.exhaust(), part.line(name))[1]}),
    )
    row = json.loads(parts[f"files/{kept.file.name}"])
    assert row["sha256"] == kept.kept_sha256
    assert next(iter(parts)) == "database"


def stored():
    return store_upload(upload=uploads.pdf(), by=None, at=timezone.now())


def test_a_target_that_is_full_leaves_no_half_backup(target, settings, monkeypatch):
    def full(*arguments, **options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(making, "fill", full)
    with pytest.raises(OSError, match="No space"):
        call_command("backup", str(target))
    assert list(target.iterdir()) == []
    assert not (settings.DATA_DIR / "backup").exists()


def test_what_a_killed_one_left_goes_with_the_next(target, settings):
    draft = target / ".pinzhi-20250101T000000Z.backup.part"
    for left in (draft, settings.DATA_DIR / "backup" / "dump"):
        left.parent.mkdir()
        left.touch()
    path = backed_up(target)
    assert list(target.iterdir()) == [path]
    assert not (settings.DATA_DIR / "backup").exists()


def test_one_is_made_at_a_time(target, settings):
    with room(settings.DATA_DIR, "backup"), pytest.raises(CommandError, match="at work"):
        call_command("backup", str(target))
