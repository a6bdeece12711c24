"""A sheet's blank form: its project, and the code that opens it."""

import pytest

from tests.inspections.entering import opened
from tests.pdf import codes, words


@pytest.mark.system("pango")
def test_the_code_opens_the_sheet_of_that_project(client, company, settings):
    settings.SITE_URL = "https://pinzhi.example.test"
    sheet = opened(company)
    client.force_login(company.auditor)
    data = client.get(f"{sheet.get_absolute_url()}blank/").content
    assert codes(data) == [f"https://pinzhi.example.test{sheet.get_absolute_url()}"]
    assert "锦澜府" in words(data)[0]


def test_a_stranger_finds_no_form(client, company):
    sheet = opened(company)
    client.force_login(company.other_manager)
    assert client.get(f"{sheet.get_absolute_url()}blank/").status_code == 404
