"""Drawing PDFs leaves the rest of the process as it was."""

import io

import pytest
from PIL import Image

from organization.pdf import pdf_of


@pytest.mark.system("pango")
def test_half_pictures_are_still_told_after_a_pdf_was_drawn():
    assert pdf_of("<p>一页</p>", styles=["css/document.css"], missing="").startswith(b"%PDF")
    whole = io.BytesIO()
    Image.effect_noise((300, 300), 90).save(whole, "JPEG")
    half = io.BytesIO(whole.getvalue()[: len(whole.getvalue()) // 2])
    with pytest.raises(OSError, match="truncated"):
        Image.open(half).load()


@pytest.mark.system("pango")
def test_a_document_of_many_pages_does_not_fill_the_log(caplog):
    pdf_of("<p>一页</p>" * 300, styles=["css/document.css"], missing="")
    assert not [each for each in caplog.records if each.name.startswith("weasyprint")]
