"""Documents as PDF, where the machine has what WeasyPrint needs (Pango)."""

from collections.abc import Sequence

from django.contrib.staticfiles import finders
from PIL import ImageFile

from organization.errors import Refused


def pdf_of(html: str, *, styles: Sequence[str], missing: str) -> bytes:
    """The page as a PDF, in the style of these static files.

    Raises Refused with the sentence `missing` where the machine lacks Pango; everything else
    goes on working.
    """
    try:
        # only here: without Pango the import itself fails
        from weasyprint import CSS, HTML
    except OSError as error:
        raise Refused(missing, code="no_pdf") from error
    finally:
        # WeasyPrint has Pillow read half pictures in the whole process; uploads are to be whole
        ImageFile.LOAD_TRUNCATED_IMAGES = False
    found = [CSS(finders.find(name)) for name in styles]
    # hints: a table says its columns' widths in attributes
    return HTML(string=html).write_pdf(stylesheets=found, presentational_hints=True)
