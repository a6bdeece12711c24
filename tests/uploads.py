"""Small real files to upload, no two of them the same."""

import io
import zipfile
from itertools import count

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
DESCRIPTION, ORIENTATION, GPS = 0x010E, 0x0112, 0x8825
numbers = count(1)


def pdf(name="会议纪要.pdf"):
    return SimpleUploadedFile(name, PDF + b"%%%d" % next(numbers), "application/pdf")


def picture(name="现场.jpg", *, size=(40, 20), orientation=1, format="JPEG"):
    """A picture with an orientation and a place in its EXIF; its top left pixel is red."""
    image = Image.new("RGB", size, "white")
    image.paste("red", (0, 0, size[0] // 2, size[1] // 2))
    exif = image.getexif()
    exif[ORIENTATION] = orientation
    exif[DESCRIPTION] = str(next(numbers))
    exif.get_ifd(GPS)[2] = (30.0, 39.0, 0.0)
    out = io.BytesIO()
    image.save(out, format, exif=exif, quality=95)
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


def container(*parts, name="方案.docx"):
    """A ZIP file with these parts: with the right ones it is an Office file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for part in parts:
            archive.writestr(part, str(next(numbers)))
    return SimpleUploadedFile(name, out.getvalue())
