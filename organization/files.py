"""Uploads: only the kinds allowed, images really decoded and re-encoded, names never trusted."""

import hashlib
import io
import logging
import warnings
import zipfile
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import PurePath

import filetype
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from organization.errors import Refused, StorageAway
from organization.models import StoredFile, User

IMAGES = frozenset({"image/jpeg", "image/png", "image/webp"})
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
OLD_SHEET = "application/vnd.ms-excel"
COMMAS = "text/csv"
FORMS = frozenset({SHEET, OLD_SHEET, COMMAS, WORD})
DOCUMENTS = frozenset({"application/pdf", WORD, SHEET, SLIDES}) | IMAGES
KINDS = {
    "application/pdf": "pdf", WORD: "docx", SHEET: "xlsx", SLIDES: "pptx", OLD_SHEET: "xls",
    COMMAS: "csv",
}  # fmt: skip
EXTENSIONS = {"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp"} | {
    mime: f".{kind}" for mime, kind in KINDS.items()
}
FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
OLE = bytes.fromhex("d0cf11e0a1b11ae1")
OLD_STREAMS = tuple(word.encode("utf-16-le") for word in ("Workbook", "Book"))
LONGEST_SIDE = 2560  # pixels: enough to read a sign-in sheet, small enough for a phone
MOST_PIXELS = 80_000_000
log = logging.getLogger(__name__)


class NotKept(ValidationError):
    """An upload that nobody could keep just now: nothing is wrong with it, send it again."""


def store_upload(*, upload, by: User | None, at, allow=DOCUMENTS) -> StoredFile:
    """Keep an uploaded file; the stored name is ours, the shown name is cleaned.

    Raises ValidationError when the file is too large, empty, of a kind that is not allowed, or
    not what it says it is; NotKept, which is one too, while the storage is away. Images come back
    upright, without EXIF (so without GPS), at most 2560 px long.
    """
    data = read_bounded(upload)
    mime = kind_of(data) or (COMMAS if COMMAS in allow and is_text(data) else None)
    if mime not in allow:
        raise ValidationError(
            _("“%(name)s”不是可以上传的文件类型。可以上传：%(kinds)s。")
            % {"name": clean_name(upload.name), "kinds": ", ".join(words_for(allow))},
            code="kind",
        )
    digest = hashlib.sha256(data).hexdigest()
    if mime in IMAGES:
        data = reencode(data, mime)
    stored = StoredFile(
        name=clean_name(upload.name),
        kind="image" if mime in IMAGES else KINDS[mime],
        mime=mime,
        size=len(data),
        sha256=digest,
        kept_sha256=hashlib.sha256(data).hexdigest(),
        uploaded_by=by,
        uploaded_at=at,
    )
    try:
        write_down(stored, f"{stored.pk}{EXTENSIONS[mime]}", data)
    except StorageAway as error:
        log.warning("an upload was refused: %s", error)
        sentence = _("“%(name)s”没有存进去：文件存储暂时连不上。已填的内容还在，请稍后再传一次。")
        raise NotKept(sentence % {"name": stored.name}, code="storage") from None
    return stored


def write_down(stored: StoredFile, name: str, data: bytes) -> None:
    """The file, then its row. Where one of them fails, half a file on a full disk is no help."""
    name = stored.file.field.generate_filename(stored, name)
    try:
        stored.file.name = stored.file.storage.save(name, ContentFile(data))
        with transaction.atomic(savepoint=False):  # in line with others that write
            stored.save()
    except (OSError, DatabaseError):
        stored.file.storage.delete(name)
        raise


def kept_digest(stored: StoredFile) -> str:
    """SHA-256 of the file as it lies in the storage now, "" where it does not.

    Raises StorageAway: a storage that does not answer says nothing of the file.
    """
    try:
        with stored.file.open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest()
    except StorageAway:
        raise
    except OSError:
        return ""


@contextmanager
def stored_for(*, upload, by: User | None, at, allow=DOCUMENTS):
    """Keep an upload for a move that may still be refused; then nothing of it stays behind.

    It is stored before the move's transaction: decoding a picture takes its time, and the
    database would be locked meanwhile.
    """
    stored = store_upload(upload=upload, by=by, at=at, allow=allow)
    try:
        yield stored
    except Refused:
        stored.file.delete(save=False)
        stored.delete()
        raise


def read_bounded(upload) -> bytes:
    """The bytes of an upload, refused when empty or larger than the limit."""
    limit = settings.UPLOAD_MAX_BYTES
    data = upload.read(limit + 1)
    name = clean_name(upload.name)
    if not data:
        raise ValidationError(_("“%(name)s”是空文件。") % {"name": name}, code="empty")
    if len(data) > limit:
        raise ValidationError(
            _("“%(name)s”超过 %(limit)d MB，请压缩后再传。")
            % {"name": name, "limit": limit // 2**20},
            code="size",
        )
    return data


def kind_of(data: bytes) -> str | None:
    """The MIME type by content; a ZIP container is an Office file only with its main part."""
    guess = filetype.guess(data)
    if guess and guess.mime in IMAGES | {"application/pdf"}:
        return guess.mime
    if data[:8] == OLE:
        return OLD_SHEET if any(stream in data for stream in OLD_STREAMS) else None
    return office_kind(data) if data[:4] == b"PK\x03\x04" else None


def is_text(data: bytes) -> bool:
    """Whether it may be a table as text; which encoding and what is in it is for its reader."""
    return data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" not in data


def office_kind(data: bytes) -> str | None:
    try:
        names = set(zipfile.ZipFile(io.BytesIO(data)).namelist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        return None
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        return None
    parts = {"word/document.xml": WORD, "xl/workbook.xml": SHEET, "ppt/presentation.xml": SLIDES}
    return next((mime for part, mime in parts.items() if part in names), None)


def reencode(data: bytes, mime: str) -> bytes:
    """Decode and write anew: keeps the picture and its orientation, drops everything else."""
    try:
        image = decode(data, mime)
        out = io.BytesIO()
        image.save(out, FORMATS[mime], **how_to_write(image, mime))
    except ValidationError:
        raise
    except Exception as error:  # decoders raise whatever they stumble over in a broken file
        raise ValidationError(_("图片损坏，无法打开。"), code="image") from error
    return out.getvalue()


def how_to_write(image: Image.Image, mime: str) -> dict:
    """A JPEG that is no smaller now keeps its own coarseness: a finer one would make the file
    larger and the picture no better, and takes twice the time.
    """
    if mime != "image/jpeg":
        return {}
    return {"quality": "keep"} if image.format == "JPEG" else {"quality": 85, "optimize": True}


def decode(data: bytes, mime: str) -> Image.Image:
    """The picture alone, upright, at most 2560 px long, without a word of its own."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        image = Image.open(io.BytesIO(data), formats=[FORMATS[mime]])
        if image.width * image.height > MOST_PIXELS:
            raise ValidationError(_("图片尺寸过大。"), code="pixels")
        ImageOps.exif_transpose(image, in_place=True)
    if max(image.size) > LONGEST_SIDE:
        image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        image.format = None  # as large as it may be: written like any other
    image.load()
    see_through = mime != "image/jpeg" and image.has_transparency_data
    is_plain = mime == "image/jpeg" and image.mode == "RGB"
    clean = image if is_plain else image.convert("RGBA" if see_through else "RGB")
    clean.info = {}  # comments and profiles would be written again
    return clean


def clean_name(name: str) -> str:
    """A name fit to show: no path, no control characters, at most 120 characters."""
    name = PurePath(str(name).replace("\\", "/")).name
    name = "".join(char for char in name if char.isprintable()).strip()
    return name[-120:] if name.strip(".") else "file"


def words_for(mimes) -> list[str]:
    return sorted(EXTENSIONS[mime].strip(".").upper() for mime in mimes)


# An app that attaches files says who may read them: (user, file) -> bool.
FILE_READERS: list[Callable[[User, StoredFile], bool]] = []


def may_read(user: User, stored: StoredFile) -> bool:
    """A file is read by who uploaded it and by whoever may see a thing that carries it."""
    return stored.uploaded_by_id == user.pk or any(reader(user, stored) for reader in FILE_READERS)
