"""Small papers without a font of our own: a PDF written by hand, a scan of a list of signatures."""

import io
from random import Random

from PIL import Image, ImageDraw

A4 = (595, 842)  # points
LEFT, TOP, LINE = 64, 770, 26
SCAN = (450, 600)  # pixels
# A reader takes its own Chinese font for this name; nothing is embedded.
FONT = (
    "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H"
    " /DescendantFonts [<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light"
    " /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >>"
    " /FontDescriptor << /Type /FontDescriptor /FontName /STSong-Light /Flags 6"
    " /FontBBox [-25 -254 1000 880] /ItalicAngle 0 /Ascent 880 /Descent -120"
    " /CapHeight 880 /StemV 93 >> /W [1 95 500 814 939 500] >>] >>"
)


def pdf(title: str, *lines: str) -> bytes:
    """One page: a title and lines under it."""
    text = [written(title, 18, TOP)]
    text += [written(line, 12, TOP - 20 - LINE * n) for n, line in enumerate(lines, 1)]
    content = "BT " + " ".join(text) + " ET"
    return assembled(
        [
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {A4[0]} {A4[1]}] /Contents 5 0 R"
            " /Resources << /Font << /F1 4 0 R >> >> >>",
            FONT,
            f"<< /Length {len(content)} >>\nstream\n{content}\nendstream",
        ]
    )


def written(line: str, size: int, y: int) -> str:
    return f"/F1 {size} Tf 1 0 0 1 {LEFT} {y} Tm <{line.encode('utf-16-be').hex()}> Tj"


def assembled(objects: list[str]) -> bytes:
    out, offsets = "%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    size, start = len(objects) + 1, len(out)
    out += f"xref\n0 {size}\n0000000000 65535 f \n{table}"
    out += f"trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    return out.encode("ascii")


def sheet_of_names(look: int) -> bytes:
    """A ruled list with a signature in most rows, a little askew, as a telephone takes it."""
    rng = Random(look)  # noqa: S311 - scribbles
    page = Image.new("RGB", (600, 800), "#f7f5ee")
    pen = ImageDraw.Draw(page)
    pen.rectangle((150, 40, 450, 58), fill="#5b5b60")
    for row in range(19):
        y = 90 + row * 36
        pen.line((50, y, 550, y), fill="#8b8d94")
        if row < 16 + look % 3:
            pen.rectangle((62, y + 13, 62 + rng.randrange(60, 90), y + 22), fill="#b9b9bd")
            for column in (230, 400):
                scribble(pen, rng, column + rng.randrange(20), y + 18)
    for x in (50, 200, 370, 550):
        pen.line((x, 90, x, 738), fill="#8b8d94")
    askew = page.rotate(rng.uniform(-1.5, 1.5), fillcolor="#8d8578")
    return as_jpeg(askew.resize(SCAN, Image.Resampling.BOX))


def scribble(pen: ImageDraw.ImageDraw, rng: Random, x: int, y: int) -> None:
    points = [(x + 9 * n, y + rng.randrange(-11, 12)) for n in range(rng.randrange(7, 12))]
    pen.line(points, fill=rng.choice(["#1d2b6b", "#24262e", "#20306a"]), width=2, joint="curve")


def as_jpeg(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()
