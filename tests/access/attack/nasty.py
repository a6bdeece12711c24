"""What is typed and sent by somebody who means no good, and what would show that it worked."""

import gzip
import io
import struct
import zipfile
import zlib

from django.core.files.uploadedfile import SimpleUploadedFile

MARK = "pz-was-here"
SCRIPT = f"<script>{MARK}</script>"
PICTURE = f'"><img src=x onerror=alert("{MARK}")>'
RAW = (SCRIPT, PICTURE, f"<svg/onload={MARK}>")  # as none of it may stand in a page
FORMULAS = (
    f'=HYPERLINK("http://{MARK}")',
    f"+{MARK}",
    f"-2+3+cmd|' /C {MARK}'!A0",
    f"@SUM({MARK})",
)
TEXTS = (
    *RAW,
    *FORMULAS,
    "' OR '1'='1' --",
    "1); DROP TABLE organization_user; --",
    "1 UNION SELECT password FROM organization_user",
    "%' ESCAPE '\\",
    "{{ request.user.password }}{% debug %}",
    "{0.__class__.__mro__}%s%n%x",
    "../../../../etc/passwd",
    "..\\..\\windows\\win.ini",
    "file:///etc/passwd",
    "http://127.0.0.1:6379/",
    "a\r\nSet-Cookie: sessionid=1\r\n\r\n",
    "a\x00b",
    "\u202egnp.exe",
    "\ufeff\u200b",
    "\U0001f4a9" * 40,
    "́" * 300,
    "安" * 70_000,
    "[" * 3000,
    '{"$ne": null}',
    "null",
    "",
    "   ",
)
NUMBERS = (
    "-1", "0", "9" * 400, "99999999999999999999", "2147483648", "9223372036854775808", "1e309",
    "-0", "NaN", "Infinity", "0x10", "1_000", "１２", "١٢", "1.005", "1,5", "0.0000000001", "½",
)  # fmt: skip
DAYS = (
    "0000-00-00", "9999-12-31", "0001-01-01", "2026-02-30", "2026-13-01", "12/31/2026",
    "2026-11-30T25:61", "10000-01-01", "-2026-01-01",
)  # fmt: skip
ALL = (*TEXTS, *NUMBERS, *DAYS)
BOMB = 512 * 1024 * 1024  # bytes, once unpacked


def bomb_of(suffix: str, inside: str) -> SimpleUploadedFile:
    """An Office file of half a megabyte whose one part is half a gigabyte."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open(inside, "w", force_zip64=True) as part:
            for _each in range(BOMB // 2**20):
                part.write(bytes(2**20))
    return SimpleUploadedFile(f"x{suffix}", made.getvalue())


def picture_of(width: int, height: int) -> bytes:
    """A PNG that says to be so large and has next to nothing in it."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def files() -> list[SimpleUploadedFile]:
    """Bombs, files that are two things at once, names that lead elsewhere; a few of each."""
    page = f"<html>{SCRIPT}</html>".encode()
    small = picture_of(1, 1)
    return [
        bomb_of(".xlsx", "xl/worksheets/sheet1.xml"),
        bomb_of(".docx", "word/document.xml"),
        SimpleUploadedFile("x.png", picture_of(60_000, 60_000)),
        SimpleUploadedFile("x.png", page),
        SimpleUploadedFile("x.gif", b"GIF89a/*" + page + b"*/=1"),
        SimpleUploadedFile("x.html", small + page),
        SimpleUploadedFile(
            "x.svg", f"<svg xmlns='http://www.w3.org/2000/svg'>{SCRIPT}</svg>".encode()
        ),
        SimpleUploadedFile("../../../x.png", small),
        SimpleUploadedFile(f"{SCRIPT}.png", small),
        SimpleUploadedFile("x.xlsx", gzip.compress(page)),
        SimpleUploadedFile("x.xlsx", b"PK\x03\x04" + bytes(400)),
        SimpleUploadedFile("x.pdf", b"%PDF-1.4\n" + page),
        SimpleUploadedFile("x.csv", "\n".join(FORMULAS).encode()),
        SimpleUploadedFile("con.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
        SimpleUploadedFile("x.xlsx", b""),
    ]
