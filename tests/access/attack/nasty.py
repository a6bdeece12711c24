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
BOMBS, POLYGLOTS, BROKEN = "bombs", "of two kinds", "broken"
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


def leading_elsewhere() -> bytes:
    """An archive whose parts would be written outside of where it is unpacked."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in ("../../../x.html", "/tmp/x.html", "word/document.xml"):  # noqa: S108 never made
            archive.writestr(name, SCRIPT)
    return made.getvalue()


def picture_of(width: int, height: int) -> bytes:
    """A PNG that says to be so large and has next to nothing in it."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


# As they are sent: whoever makes a file in Python or asks by Django's client loses the path.
NAMES = (
    "../../../x.png",
    "..\\..\\..\\x.png",
    "/etc/cron.d/x.png",
    "C:\\windows\\x.png",
    "%2e%2e%2f%2e%2e%2fx.png",
    "....//....//x.png",
    "x.png\0.html",
    "../.ready",
    f"{SCRIPT}.png",
    "=cmd|x.png",
)


def files() -> list[tuple[str, SimpleUploadedFile]]:
    """Bombs, files that are two things at once, broken ones; a few of each, with their kind."""
    page = f"<html>{SCRIPT}</html>".encode()
    small = picture_of(1, 1)
    return [
        *((BOMBS, each) for each in bombs()),
        *((POLYGLOTS, each) for each in polyglots(page, small)),
        *((BROKEN, each) for each in broken_ones(page)),
    ]


def bombs() -> list[SimpleUploadedFile]:
    return [
        bomb_of(".xlsx", "xl/worksheets/sheet1.xml"),
        bomb_of(".docx", "word/document.xml"),
        SimpleUploadedFile("x.png", picture_of(60_000, 60_000)),
    ]


def polyglots(page: bytes, small: bytes) -> list[SimpleUploadedFile]:
    return [
        SimpleUploadedFile("x.png", page),
        SimpleUploadedFile("x.gif", b"GIF89a/*" + page + b"*/=1"),
        SimpleUploadedFile("x.html", small + page),
        SimpleUploadedFile(
            "x.svg", f"<svg xmlns='http://www.w3.org/2000/svg'>{SCRIPT}</svg>".encode()
        ),
        SimpleUploadedFile("x.pdf", b"%PDF-1.4\n" + page),
        SimpleUploadedFile("x.csv", "\n".join(FORMULAS).encode()),
        SimpleUploadedFile("x.xlsx", gzip.compress(page)),
        SimpleUploadedFile("x.docx", leading_elsewhere()),
    ]


def broken_ones(page: bytes) -> list[SimpleUploadedFile]:
    return [
        SimpleUploadedFile("x.xlsx", b"PK\x03\x04" + bytes(400)),
        SimpleUploadedFile("con.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
        SimpleUploadedFile("x.xlsx", b""),
    ]
