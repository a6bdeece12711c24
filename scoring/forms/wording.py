"""Text in a cell: numbered requirements, cleaning, comparing.

A number starts a requirement when it is written like the first one of the cell (`1.` `1、` `1)`
`(1)` `①` `一、` `（一）` `(a)`) and stands where a requirement can begin: at the start of a line,
after a full stop or semicolon, or, in text run together, when it is the next in turn; with a
figure at once behind it only if the count goes on. So 至少7天, 24小时 and 2.5米 start nothing.
"""

import re
import unicodedata
from dataclasses import dataclass

NUMERALS = "一二三四五六七八九十"
NUMERAL = "(?:[二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九])"
# After these a number belongs to the sentence: 第2、至少3. 附件2)
BEFORE_QUANTITY = re.compile(r"[0-9A-Za-z第约至到达近超满于每共±≥≤<>=+\-–~～/件表图.．]")
CLAUSE_ENDS = "；;。！!"
PREFACE_ENDS = "：:\n"
# How far back a sentence is looked at; keeps the reading of any text linear.
LOOK_BACK = 200
TRAILING = " \t\n\u3000；;。.，,、"
CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
PARENTHESISED = "⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇"
DOTTED = "⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑⒒⒓⒔⒕⒖⒗⒘⒙⒚⒛"


@dataclass(frozen=True)
class Style:
    """One way of numbering; `clash` is what must not follow, for then it is a plain number."""

    pattern: re.Pattern
    clash: re.Pattern = re.compile(r"(?!)")
    decimal: bool = False


STYLES = (
    Style(re.compile(r"(\d{1,2})[.．]"), clash=re.compile(r"\d"), decimal=True),
    Style(re.compile(r"(\d{1,2})、"), clash=re.compile(r"\d")),
    Style(re.compile(r"(\d{1,2})[)）]")),
    Style(re.compile(r"[(（]\s*(\d{1,2})\s*[)）]")),
    Style(re.compile(f"([{CIRCLED}])")),
    Style(re.compile(f"([{PARENTHESISED}])")),
    Style(re.compile(f"([{DOTTED}])")),
    Style(re.compile(f"({NUMERAL})[、.．]"), clash=re.compile(f"[{NUMERALS}]")),
    Style(re.compile(rf"[(（]\s*({NUMERAL})\s*[)）]")),
    Style(re.compile(r"[(（]\s*([a-h])\s*[)）]")),
    Style(re.compile(r"([a-h])[)）]")),
    Style(re.compile(r"(\d{1,2})[:：]"), clash=re.compile(r"\d"), decimal=True),
    Style(re.compile(r"(\d{1,2})，"), clash=re.compile(r"\d"), decimal=True),
)
BULLETS = "•·●■◆▪○◇★☆√-–—*"


def split_requirements(text: str) -> list[str]:
    """The requirements in a cell, in order, without their numbers and closing punctuation.

    Text without numbers is one requirement per line if its lines are closed by punctuation,
    else one requirement. Nothing of the text is lost but numbers and punctuation.
    """
    text = text.strip()
    numbering = _numbering(text)
    if numbering is None:
        return _lines(text)
    style, first = numbering
    starts = _starts(text, style, first)
    ends = [start.start() for start in starts[1:]] + [len(text)]
    parts = [text[m.end() : end] for m, end in zip(starts, ends, strict=True)]
    parts[0] = text[: first.start()] + parts[0]
    return [part for part in map(tidy, parts) if part]


def counts_on(before: str, text: str) -> bool:
    """Whether a cell's first number is the next after the last one of the cell before."""
    last, first = _numbering(before.strip()), _numbering(text.strip())
    if last is None or first is None or last[0] is not first[0]:
        return False
    return _value(_starts(before.strip(), *last)[-1]) + 1 == _value(first[1])


def _numbering(text: str) -> tuple[Style, re.Match] | None:
    """The style in which the cell is numbered, and its first number."""
    for style in STYLES:
        if (match := style.pattern.match(text)) and _is_first(text, style, match):
            return style, match
    return _numbering_after_preface(text)


def _numbering_after_preface(text: str) -> tuple[Style, re.Match] | None:
    """The same where words such as 做到以下几点： come before the first number."""
    found = [
        (style, match)
        for style in STYLES
        if (match := _first_after_preface(text, style)) and len(_starts(text, style, match)) > 1
    ]
    return min(found, key=lambda entry: entry[1].start(), default=None)


def _first_after_preface(text: str, style: Style) -> re.Match | None:
    ones = (match for match in style.pattern.finditer(text) if _value(match) == 1)
    return next((one for one in ones if _last(text, one.start()) in PREFACE_ENDS), None)


def _is_first(text: str, style: Style, match: re.Match) -> bool:
    """Whether a number at the very start is a numbering: 1.24小时值班 is only if 2. follows."""
    plain_number = style.decimal or _value(match) != 1
    if not (plain_number and _clashes(text, style, match)):
        return True
    return len(_starts(text, style, match)) > 1


def _starts(text: str, style: Style, first: re.Match) -> list[re.Match]:
    starts = [first]
    for match in style.pattern.finditer(text, first.end()):
        if _begins(text, style, match, previous=starts[-1]):
            starts.append(match)
    return starts


def _begins(text: str, style: Style, match: re.Match, previous: re.Match) -> bool:
    """Whether a requirement begins here; a figure may follow its number if the count goes on."""
    in_turn = _value(match) == _value(previous) + 1
    last = _last(text, match.start())
    if last == "\n":
        return in_turn or not _clashes(text, style, match)
    if not in_turn:
        return False
    if last in CLAUSE_ENDS:
        return True
    since = max(previous.end(), match.start() - LOOK_BACK)
    if _in_sentence(text[since : match.start()]):
        return False
    if not _clashes(text, style, match) or _goes_on(text, style, match):
        return True
    after_figures = _value(previous) > 1 and _clashes(text, style, previous)
    return after_figures and not style.decimal


def _goes_on(text: str, style: Style, match: re.Match) -> bool:
    """Whether the next number, and no better one here, follows: 有制度2、24小时值班3、有记录.

    Looked at is a stretch of text, which keeps the reading of any text linear.
    """
    here, value = match.end(), _value(match)
    for later in style.pattern.finditer(text, here, here + LOOK_BACK):
        before = text[max(here, later.start() - LOOK_BACK) : later.start()]
        plain_number = style.decimal and _clashes(text, style, later)
        if plain_number or not before.strip("0123456789 ") or _in_sentence(before):
            continue
        if _value(later) in (value, value + 1):
            return _value(later) == value + 1
    return False


def _last(text: str, end: int) -> str:
    """The character before `end` that is no space; a line break counts as one."""
    before = text[max(0, end - LOOK_BACK) : end].rstrip(" \t\u3000")
    return before[-1:] or "\n"


def _in_sentence(before: str) -> bool:
    """Whether the sentence needs the number that follows: after 第, or inside a bracket."""
    opened = len(re.findall("[(（]", before)) > len(re.findall("[)）]", before))
    return opened or bool(BEFORE_QUANTITY.match(before[-1:]))


def _clashes(text: str, style: Style, match: re.Match) -> bool:
    return bool(style.clash.match(text, match.end()))


def _value(match: re.Match) -> int:
    mark = match[1]
    for marks in (CIRCLED, PARENTHESISED, DOTTED):
        if mark in marks:
            return marks.index(mark) + 1
    if mark.isascii():
        return int(mark) if mark.isdecimal() else ord(mark) - ord("a") + 1
    return int(mark) if mark.isdecimal() else _numeral(mark)


def _numeral(mark: str) -> int:
    """十 → 10, 十二 → 12, 二十一 → 21."""
    tens, ten, ones = mark.rpartition("十")
    value = NUMERALS.index(ones) + 1 if ones else 0
    return value + (10 * (NUMERALS.index(tens) + 1 if tens else 1) if ten else 0)


def _lines(text: str) -> list[str]:
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    signs = {line[0] for line in lines}
    if len(lines) > 1 and len(signs) == 1 and signs <= set(BULLETS):
        lines = [f"{line[1:].strip()}；" for line in lines]
    if all(line[-1] in "；;。." for line in lines[:-1]):
        return [part for part in map(tidy, lines) if part]
    return [part for part in [tidy(text)] if part]


def tidy(text: str) -> str:
    """One line without closing punctuation; a line break inside Chinese text is no space."""
    lines = [line for line in map(str.strip, text.split("\n")) if line]
    joined = "".join(map(_with_gap, lines, [*lines[1:], ""]))
    return re.sub(r"\s+", " ", joined).strip(TRAILING)


def _with_gap(line: str, following: str) -> str:
    return f"{line} " if line.isascii() and following[:1].isascii() else line


def heading(text: str) -> str:
    """The name of a section or item, without a number before it: 一、内部管理 → 内部管理."""
    text = tidy(text)
    for style in STYLES:
        match = style.pattern.match(text)
        if match and not _clashes(text, style, match):
            return text[match.end() :].strip() or text
    return text


def folded(text: str) -> str:
    """For comparing: full-width and half-width alike, no spaces, small letters."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).lower()
