"""A backup put into an empty place. Nothing is written before the whole of it was read."""

import os
import shutil
from functools import partial
from pathlib import Path

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from portal.backup import CannotBackUp
from portal.backup.archive import DATABASE, FILES, SECRET, Manifest, Measured, read_through
from portal.backup.databases import is_empty, load, room
from portal.backup.making import keys


def restore_backup(source: Path) -> Manifest:
    """Fill this empty installation from a backup: database, files, an embedded one's secret.

    Raises CannotBackUp where the place is not empty, or the backup is damaged, of another kind of
    database or of a newer release; the place is then as it was.
    """
    manifest = look_at(source)
    refuse_what_does_not_fit(manifest)
    with room(settings.DATA_DIR, "restore") as folder:
        read_through(source, keys=keys(), take=partial(put, folder))
        load(connection, folder / DATABASE)
        secret = folder / SECRET
        if secret.exists():
            secret.chmod(0o600)
            os.replace(secret, settings.DATA_DIR / SECRET)
    return manifest


def look_at(source: Path) -> Manifest:
    """What a backup says of itself, once all of it was read and agrees."""
    if not source.is_file():
        raise CannotBackUp(f"找不到备份文件 / no such backup: {source}")
    return read_through(source, keys=keys())


def refuse_what_does_not_fit(manifest: Manifest):
    if manifest.vendor != connection.vendor:
        raise CannotBackUp(
            f"备份来自 {manifest.vendor}，这里是 {connection.vendor}；请先恢复到同样的数据库 / "
            f"the backup is of {manifest.vendor}, this is {connection.vendor}; restore it into "
            "the same kind of database first"
        )
    if unknown := sorted(set(manifest.migrations) - known_migrations()):
        raise CannotBackUp(
            f"备份来自更新的版本 {manifest.release}（{unknown[0]}），请先升级程序 / "
            f"the backup is of a newer release, {manifest.release} ({unknown[0]}): upgrade first"
        )
    if not is_empty(connection):
        raise CannotBackUp("数据库不是空的，没有恢复 / the database is not empty, nothing was done")
    if has_files():
        raise CannotBackUp("文件夹里已有文件，没有恢复 / there are files already, nothing was done")


def known_migrations() -> set[str]:
    """Also those that one of today's stands for."""
    found = MigrationLoader(None).disk_migrations
    replaced = {key for migration in found.values() for key in migration.replaces}
    return {".".join(key) for key in found.keys() | replaced}


def has_files() -> bool:
    try:
        folders, files = default_storage.listdir("")
    except FileNotFoundError:
        return False
    return bool(folders or files)


def put(folder: Path, name: str, content: Measured):
    if not name.startswith(FILES):
        with (folder / Path(name).name).open("wb") as file:
            shutil.copyfileobj(content, file, 2**20)
        return
    wanted = name.removeprefix(FILES)
    kept = default_storage.save(wanted, Whole(content))
    if kept != wanted:
        raise CannotBackUp(f"同名文件已经存在 / a file of this name is there already: {wanted}")


class Whole(File):
    """A stream that is read once, from its beginning to its end."""

    def chunks(self, chunk_size=None):
        while data := self.file.read(chunk_size or self.DEFAULT_CHUNK_SIZE):
            yield data
