import sys

import pytest

from tests import cast


@pytest.fixture
def company(db):
    return cast.company()


class WithoutPango:
    """Lets WeasyPrint be imported as on a machine that lacks its library."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'")


@pytest.fixture
def no_pango(monkeypatch):
    monkeypatch.delitem(sys.modules, "weasyprint", raising=False)
    monkeypatch.setattr(sys, "meta_path", [WithoutPango, *sys.meta_path])
