"""A backup while people work: first the database of one moment, then the files that it names.

Files never change, and a row is written once its file is there, so whatever the rows name is
there; except what was deleted since, which the manifest names.
"""

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection

from portal.backup import CannotBackUp
from portal.backup.archive import (
    DATABASE,
    FILES,
    SECRET,
    ArchiveWriter,
    Manifest,
    read_through,
    spooled,
    writing,
)
from portal.backup.databases import Snapshot, room, snapshot

NAMES, DRAFTS = "pinzhi-*.backup", ".pinzhi-*.backup.part"


@dataclass(frozen=True)
class Made:
    path: Path
    manifest: Manifest
    removed: list[Path]


def make_backup(target: Path, *, keep: int | None, at: datetime) -> Made:
    """Write a backup into the folder `target`, read it through, and leave the newest `keep`.

    It has its name only once it is whole and was read again. Raises CannotBackUp without a key,
    or while another one is being made.
    """
    key = keys()[0]
    target.mkdir(parents=True, exist_ok=True)
    path = target / f"pinzhi-{at:%Y%m%dT%H%M%SZ}.backup"
    draft = target / f".{path.name}.part"
    with room(settings.DATA_DIR, "backup") as folder:
        for left in target.glob(DRAFTS):  # by one that was killed
            left.unlink()
        try:
            manifest = write(draft, snapshot(connection, folder), key, at)
            draft.rename(path)
        finally:
            draft.unlink(missing_ok=True)
    return Made(path, manifest, remove_old(target, keep) if keep else [])


def write(draft: Path, taken: Snapshot, key: str, at: datetime) -> Manifest:
    """The whole backup, on the disk and read again."""
    with writing(draft, key=key) as archive:
        draft.chmod(0o600)
        fill(archive, taken, at)
    flush(draft)
    return read_through(draft, keys=[key])


def keys() -> list[str]:
    """The keys of backups, the newest first. Raises CannotBackUp where there is none."""
    if not settings.BACKUP_KEYS:
        raise CannotBackUp(
            "请设置 BACKUP_KEYS 或 BACKUP_KEYS_FILE，密钥要存放在备份以外的地方 / "
            "set BACKUP_KEYS or BACKUP_KEYS_FILE, and keep the key away from the backups"
        )
    return settings.BACKUP_KEYS


def fill(archive: ArchiveWriter, taken: Snapshot, at: datetime):
    with taken.dump.open("rb") as dump:
        archive.add(DATABASE, dump, taken.dump.stat().st_size)
    if settings.EMBEDDED:
        add_secret(archive)
    files, missing = 0, []
    for name in taken.file_names():
        if add_file(archive, name):
            files += 1
        else:
            missing.append(name)
    archive.finish(
        made_at=at.isoformat(),
        release=settings.RELEASE,
        vendor=connection.vendor,
        migrations=taken.migrations,
        files=files,
        missing=missing,
    )


def add_secret(archive: ArchiveWriter):
    """Seals of an embedded installation follow from the secret that it made itself."""
    secret = settings.SECRET_KEY.encode()
    with spooled() as content:
        content.write(secret)
        content.seek(0)
        archive.add(SECRET, content, len(secret))


def add_file(archive: ArchiveWriter, name: str) -> bool:
    try:
        content = default_storage.open(name)
        size = content.size
    except FileNotFoundError:
        return False  # a bucket that does not answer ends it all: what it holds is not missing
    with content:
        archive.add(FILES + name, content, size)
    return True


def flush(path: Path):
    with path.open("rb") as file:
        os.fsync(file.fileno())


def remove_old(target: Path, keep: int) -> list[Path]:
    """Their names sort by time; nothing else in the folder is touched."""
    old = sorted(target.glob(NAMES))[:-keep]
    for path in old:
        path.unlink()
    return old
