"""An installation's files from its folder into the bucket, or back, each compared by its digest.

Files never change, so that people may work meanwhile: a second run takes what came in between.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, Storage, default_storage

from organization.models import StoredFile

MOVED, THERE, MISSING, CHANGED, DIFFERENT = "moved", "there", "missing", "changed", "different"
WELL = {MOVED, THERE}


@dataclass(frozen=True)
class Moved:
    """What became of a file: `missing` on the old side, `changed` there since it was stored, or
    `different` on the new side from what was read on the old one.
    """

    name: str
    outcome: str


def sides(*, back: bool) -> tuple[Storage, Storage]:
    """From where to where; without `back` from the folder to the bucket."""
    folder = FileSystemStorage(location=settings.MEDIA_ROOT)
    return (default_storage, folder) if back else (folder, default_storage)


def move_all(source: Storage, target: Storage) -> Iterator[Moved]:
    """Copy every file that a row names, and read each again. Raises StorageAway.

    Nothing is deleted, and nothing is written over: run it again after it was broken off.
    """
    rows = StoredFile.objects.order_by("pk").values_list("file", "kept_sha256")
    for name, digest in rows.iterator(chunk_size=500):
        yield Moved(name, move(name, digest, source, target))


def move(name: str, digest: str, source: Storage, target: Storage) -> str:
    """`digest` is what the row says, "" for a file older than digests."""
    data = content(source, name)
    if data is None:
        return THERE if digest and digest_in(target, name) == digest else MISSING
    here = hashlib.sha256(data).hexdigest()
    if digest and here != digest:
        return CHANGED
    there = digest_in(target, name)
    if there is None:
        target.save(name, ContentFile(data))
        return MOVED if digest_in(target, name) == here else DIFFERENT
    return THERE if there == here else DIFFERENT


def digest_in(storage: Storage, name: str) -> str | None:
    data = content(storage, name)
    return None if data is None else hashlib.sha256(data).hexdigest()


def content(storage: Storage, name: str) -> bytes | None:
    """The whole of it: a file has 20 MB at most."""
    try:
        with storage.open(name) as file:
            return file.read()
    except FileNotFoundError:
        return None
