"""Every text of the source stands in the English catalog, with the same placeholders."""

import ast
import re
import shutil

import polib
import pytest
from django.conf import settings
from django.core.management import call_command

CATALOG = settings.BASE_DIR / "locale" / "en" / "LC_MESSAGES" / "django.po"
HAN = re.compile(r"[\u4e00-\u9fff]")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%")
ROOMS = [
    "organization",
    "campaign",
    "scoring",
    "inspections",
    "rewards",
    "portal",
    "config",
    "templates",
]
# Chinese words that English sentences quote: what a form's header has to say, a language's name.
QUOTED = re.compile(r"项目|标准内容|规定分值|评分细则|评分|不适用|合计|每缺一项扣 0.5-2 分|中文")


def english(entry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


@pytest.fixture(scope="module")
def catalog():
    return polib.pofile(str(CATALOG))


def test_no_text_lacks_english(catalog):
    lacking = [entry.msgid for entry in catalog if not all(english(entry)) or entry.fuzzy]
    assert lacking == []


def test_english_keeps_the_placeholders(catalog):
    changed = [
        entry.msgid
        for entry in catalog
        if set(PLACEHOLDER.findall(english(entry)[-1])) != set(PLACEHOLDER.findall(entry.msgid))
    ]
    assert changed == []


def test_english_is_not_chinese(catalog):
    chinese = [
        text for entry in catalog for text in english(entry) if HAN.search(QUOTED.sub("", text))
    ]
    assert chinese == []


@pytest.mark.system("gettext")
def test_the_catalog_holds_every_text_of_the_source(tmp_path, settings, monkeypatch, catalog):
    for room in ROOMS:
        shutil.copytree(settings.BASE_DIR / room, tmp_path / room)
    (tmp_path / "locale").mkdir()
    monkeypatch.chdir(tmp_path)  # makemessages reads and writes where it stands
    call_command("makemessages", locale=["en"], verbosity=0)
    (made,) = tmp_path.rglob("django.po")
    source = {entry.msgid for entry in polib.pofile(str(made))}
    known = {entry.msgid for entry in catalog if not entry.obsolete}
    assert (source - known, known - source) == (set(), set())


def test_no_text_stands_where_it_is_not_found(catalog):
    """Inside of an f-string makemessages overlooks it."""
    known = {entry.msgid for entry in catalog if not entry.msgctxt}
    files = [path for room in ROOMS for path in (settings.BASE_DIR / room).rglob("*.py")]
    calls = [
        node for path in files for node in ast.walk(ast.parse(path.read_text())) if is_text(node)
    ]
    assert len(calls) > 1000
    assert [node.args[0].value for node in calls if node.args[0].value not in known] == []


def is_text(node) -> bool:
    name = getattr(getattr(node, "func", None), "id", "")
    text = name in {"_", "gettext", "gettext_lazy", "ngettext"} and node.args
    return bool(text and isinstance(node.args[0], ast.Constant))


# --- what stands outside of any translation ------------------------------------------------------

# Chinese signs and words; the language's own name, and the wide blank, are the same in both.
SIGN = re.compile(r"[\u3001-\u303f\uff00-\uffef\u4e00-\u9fff]+")
TRANSLATED = [
    r"{%\s*blocktrans(?:late)?\b.*?{%\s*endblocktrans(?:late)?\s*%}",
    r"{%\s*trans(?:late)? .*?%}",
    r"{#.*?#}",
    r'_\("[^"]*"\)',
    "中文",
]
JOINED = re.compile(r'(?<!_\()"[、，；：]"\.join')
# A company's own form is Chinese, and what the demo's people typed.
CHINESE_ANYWAY = ("scoring/forms/", "portal/demo/")


def test_no_template_has_chinese_outside_of_its_texts():
    found = {}
    for path in sorted((settings.BASE_DIR / "templates").rglob("*.*")):
        text = re.sub("|".join(TRANSLATED), "", path.read_text(), flags=re.DOTALL)
        if signs := SIGN.findall(text):
            found[path.name] = signs
    assert found == {}


def test_several_words_are_parted_as_the_language_does_it():
    rooms = [settings.BASE_DIR / room for room in ROOMS if room != "templates"]
    sources = [path for room in rooms for path in room.rglob("*.py")]
    named = {str(path.relative_to(settings.BASE_DIR)): path.read_text() for path in sources}
    found = [name for name, text in named.items() if JOINED.search(text)]
    assert [name for name in found if not name.startswith(CHINESE_ANYWAY)] == []
