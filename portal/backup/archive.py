"""What is inside a backup: a tar stream that ends with what it should hold.

Parts in their order: the database, an embedded installation's own secret, files, `contents.jsonl`
(name, bytes and SHA-256 of each part before it) and `manifest.json`.
"""

import hashlib
import json
import tarfile
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import SpooledTemporaryFile

from portal.backup import CannotBackUp
from portal.backup.envelope import SealedReader, SealedWriter

DATABASE, SECRET, FILES = "database", "secret_key", "files/"
CONTENTS, MANIFEST = "contents.jsonl", "manifest.json"
IN_MEMORY = 2**23


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself; `missing` names files that the database knew and nobody had."""

    made_at: str
    release: str
    vendor: str
    migrations: list[str]
    files: int
    size: int  # bytes of all parts
    missing: list[str]
    contents_sha256: str


class Measured:
    """A file that counts and digests what is read of it."""

    def __init__(self, file):
        self.file, self.size, self.digest = file, 0, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self.file.read(size)
        self.size += len(data)
        self.digest.update(data)
        return data

    def exhaust(self):
        while self.read(2**20):
            pass

    def line(self, name: str) -> bytes:
        row = {"name": name, "size": self.size, "sha256": self.digest.hexdigest()}
        return json.dumps(row, ensure_ascii=False).encode() + b"\n"


class ArchiveWriter:
    """Adds parts to the stream and remembers their digests."""

    def __init__(self, tar, lines):
        self.tar, self.lines, self.size = tar, lines, 0

    def add(self, name: str, content, size: int):
        part = Measured(content)
        self.put(name, part, size)
        self.size += part.size
        self.lines.write(part.line(name))

    def put(self, name, content, size):
        info = tarfile.TarInfo(name)
        info.size = size
        self.tar.addfile(info, content)
        self.tar.members = []  # it would keep one for each file

    def finish(self, **facts):
        size = self.lines.tell()
        self.lines.seek(0)
        contents = Measured(self.lines)
        self.put(CONTENTS, contents, size)
        digest = contents.digest.hexdigest()
        manifest = Manifest(size=self.size, contents_sha256=digest, **facts)
        with spooled() as text:
            text.write(json.dumps(asdict(manifest), ensure_ascii=False, indent=1).encode())
            length = text.tell()
            text.seek(0)
            self.put(MANIFEST, text, length)


@contextmanager
def writing(path: Path, *, key: str):
    """An ArchiveWriter on this file."""
    with path.open("wb") as file, spooled() as lines:
        sealed = SealedWriter(file, key)
        with tarfile.open(fileobj=sealed, mode="w|", format=tarfile.PAX_FORMAT) as tar:
            yield ArchiveWriter(tar, lines)
        sealed.close()


def read_through(
    path: Path, *, keys: list[str], take: Callable[[str, Measured], None] | None = None
) -> Manifest:
    """Read a whole backup, giving each part to `take`, and compare it with what it should hold.

    Raises CannotBackUp where it is damaged or no key opens it; `take` has then had parts already.
    """
    seen = hashlib.sha256()
    with opened(path, keys) as tar:
        while (member := tar.next()) is not None:
            tar.members = []
            part = Measured(tar.extractfile(member))
            if member.name == MANIFEST:
                return agreed(Manifest(**json.loads(part.read())), seen.hexdigest())
            if member.name == CONTENTS:
                part.exhaust()
                agree(part.digest.hexdigest(), seen.hexdigest())
                continue
            if take:
                take(member.name, part)
            part.exhaust()
            seen.update(part.line(member.name))
    raise damaged()


@contextmanager
def opened(path: Path, keys: list[str]):
    sealed = path.open("rb")
    with sealed, tarfile.open(fileobj=SealedReader(sealed, keys), mode="r|") as tar:
        yield tar


def agreed(manifest: Manifest, digest: str) -> Manifest:
    agree(manifest.contents_sha256, digest)
    return manifest


def agree(one: str, other: str):
    if one != other:
        raise damaged()


def damaged() -> CannotBackUp:
    return CannotBackUp("备份里的内容和清单不符 / the backup does not hold what its manifest says")


def spooled():
    return SpooledTemporaryFile(max_size=IN_MEMORY)
