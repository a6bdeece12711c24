"""What the browser gets from others: complete, and usable under the strict policy."""

import gzip
import re
import sys

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command

from organization import states
from tests.server import ROOT

sys.path.insert(0, str(ROOT / "bin"))
import assets


@pytest.fixture(scope="module")
def drawn():
    return set(re.findall(r'<symbol id="([^"]+)"', assets.SPRITE.read_text()))


def test_every_icon_that_is_named_is_in_the_sprite(drawn):
    missing = {
        f"{name} ({path.relative_to(ROOT)})"
        for name, path in assets.named_icons().items()
        if name not in drawn
    }
    assert not missing, "no such Tabler icon, or `make setup` was not run"


FRAME = '<path stroke="none" d="M0 0h24v24H0z" fill="none" />'
FILLED = '<path d="M8 8v1" fill="currentColor" />'


@pytest.mark.parametrize(
    ("drawing", "drawn"),
    [
        ('<path d="M3 4l1 -2" /> <path d="M8 8v1" />', '<path d="M3 4l1 -2M8 8v1"/>'),
        # a path that begins with a step of its own would be drawn elsewhere behind another one
        ('<path d="M3 4" /><path d="m8 8" />', '<path d="M3 4" /><path d="m8 8" />'),
        (f'<path d="M3 4" />{FILLED}', f'<path d="M3 4" />{FILLED}'),
    ],
)
def test_an_icon_is_one_path_where_that_draws_the_same(drawing, drawn):
    assert assets.one_path(f"{FRAME} {drawing}") == drawn


def test_every_state_has_its_icon(drawn):
    icons = {state.icon for state in vars(states).values() if isinstance(state, states.State)}
    assert len(icons) > 5
    assert icons <= drawn


@pytest.mark.parametrize(
    "text",
    [
        '{% icon "pencil" %}',
        '{% include "x.html" with icon="pencil" %}',
        'icon: "pencil"',
        '{"icon": "pencil"}',
        '<use href="icons.svg#pencil"/>',
        "data-icon='pencil'",
    ],
)
def test_an_icon_is_found_wherever_it_is_named(text):
    assert assets.ICON_PLACE.findall(text) + assets.ICON_LINK.findall(text) == ["pencil"]


def test_a_class_is_no_icon():
    assert assets.ICON_PLACE.findall('{% icon state.icon "icon-s" %}') == []


@pytest.mark.parametrize("name", [*assets.FILES.values(), "icons.svg", "pinzhi.css", "entry.css"])
def test_a_vendor_file_is_found_and_refers_to_nothing_that_is_missing(name):
    path = finders.find(f"vendor/{name}")
    assert path, "run `make setup`"
    text = assets.Path(path).read_text()
    assert "sourceMappingURL" not in text
    assert not re.search(r"@import|url\([\"']?https?:", text)


def test_every_style_of_ours_is_in_the_one_stylesheet_or_linked_by_a_page():
    kept = {path.stem for path in (ROOT / "static" / "css").glob("*.css")}
    texts = [path.read_text() for path in [*assets.pages(), *assets.modules()]]
    linked = {name for text in texts for name in re.findall(r"css/([\w-]+)\.css", text)}
    assert kept <= set(assets.STYLES) | linked
    assert set(assets.STYLES) <= kept
    assert not set(assets.STYLES) & linked


def test_the_stylesheet_is_small_enough_for_a_phone_and_has_what_is_used():
    text = assets.STYLESHEET.read_text()
    assert len(gzip.compress(text.encode())) < 50_000  # all of Tabler alone has 75,000
    for used in (".btn-primary", ".form-control", ".is-invalid", ".sheet-part"):
        assert re.search(re.escape(used) + r"\b", text), used


def test_the_entry_page_gets_what_it_uses_of_the_stylesheet():
    text = assets.ENTRY_STYLESHEET.read_text()
    assert len(gzip.compress(text.encode())) < 20_000  # all of ours has 36,000
    tones = {state.tone for state in vars(states).values() if isinstance(state, states.State)}
    used = {f".state-{tone}" for tone in tones if tone}
    used |= {
        ".note-error",
        ".item-foot:not(:has(",
        ".req-box:is(:has(",
        ".photo-draw",
        ".total-act",
    }
    assert not {part for part in used if part not in text}
    assert ".league" not in text
    assert {
        "base.html",
        "components/_side.html",
        "inspections/_sheet_editor.html",
        "inspections/_sheet_row.html",
        "inspections/_sheet_seen.html",
    } <= set(assets.entry_templates())


@pytest.mark.slow
def test_static_files_can_be_published_under_names_with_a_digest(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    assert list(tmp_path.glob("vendor/pinzhi.*.css"))


def test_pages_load_scripts_and_styles_from_here_only():
    for path in assets.pages():
        if path.suffix == ".html":
            outside = re.findall(r"<(?:script|link|img)[^>]+(?:https?:)?//[^>]+>", path.read_text())
            assert not outside, path


def test_the_policy_has_no_exception():
    for sources in settings.CONTENT_SECURITY_POLICY["DIRECTIVES"].values():
        assert not {"'unsafe-inline'", "'unsafe-eval'", "*", "https:"} & set(sources)
