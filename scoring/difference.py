"""What one version of a rubric changes in another, item by item. Items are told by their codes.

Pure: two `Content` in, plain values out; whoever shows them chooses the order and the words.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import chain

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from scoring.content import Content, Entry, Line
from scoring.forms import Rule
from scoring.forms.amounts import plain
from scoring.forms.wording import folded
from scoring.models import Critical, RuleKind

# What may differ, in the order in which it is shown.
MARKS = {
    "added": _("新增"),
    "removed": _("删除"),
    "moved": _("移位"),
    "points": pgettext_lazy("rubric", "分值"),
    "rules": pgettext_lazy("rubric", "扣分"),
    "wording": pgettext_lazy("rubric", "文字"),
}
WORDS = {
    "section": pgettext_lazy("rubric", "类别"),
    "name": pgettext_lazy("rubric", "项目"),
    "standard": _("标准内容"),
    "points": _("规定分值"),
    "price": pgettext_lazy("rubric", "每缺一项"),
    "rule": pgettext_lazy("rubric", "评分细则"),
    "requirement": _("检查内容"),
    "photo": _("扣分须拍照"),
    "place": pgettext_lazy("rubric", "次序"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """One thing of an item, before and after; None where it was not, or is not any more."""

    what: str
    before: str | None
    after: str | None

    @property
    def word(self) -> str:
        return str(WORDS[self.what])


@dataclass(frozen=True, slots=True)
class Row:
    """One item that differs: what kinds of change it has (`marks`), and each of them."""

    code: str
    name: str
    section: str
    points: object
    marks: tuple[str, ...]
    parts: tuple[Part, ...] = ()

    @property
    def words(self) -> list[str]:
        return [str(MARKS[mark]) for mark in self.marks]


@dataclass(frozen=True, slots=True)
class Difference:
    """Everything that differs: sections that got another name, and the items, in the new order
    with the removed ones last; `same` items are as they were.
    """

    rows: tuple[Row, ...]
    renamed: tuple[tuple[str, str], ...]
    same: int

    def __bool__(self) -> bool:
        return bool(self.rows or self.renamed)

    @property
    def counts(self) -> list[tuple[str, str, int]]:
        """(mark, word, how many items) for each mark that occurs."""
        found = ((mark, sum(mark in row.marks for row in self.rows)) for mark in MARKS)
        return [(mark, str(MARKS[mark]), count) for mark, count in found if count]


def difference(before: Content, after: Content) -> Difference:
    """What `after` changes in `before`: added, removed, moved, points, rules and wording."""
    return _Comparison(before, after).result()


class _Comparison:
    def __init__(self, before: Content, after: Content):
        self.before = {entry.code: entry for entry in before.entries}
        self.after = {entry.code: entry for entry in after.entries}
        self.old_names = {code: name for code, name, _en in before.sections}
        self.new_names = {code: name for code, name, _en in after.sections}
        self.common = [code for code in self.after if code in self.before]
        self.places = [
            {code: n for n, code in enumerate(side)} for side in (self.before, self.after)
        ]
        self.renamed = dict(self._renamed())

    def result(self) -> Difference:
        stayed = _stayed(self.common, self.places[0])
        rows = [row for entry in self.after.values() if (row := self._row(entry, stayed))]
        rows += [self._whole(entry, "removed", self.old_names)
                 for code, entry in self.before.items() if code not in self.after]  # fmt: skip
        same = len(self.after) - sum("removed" not in row.marks for row in rows)
        return Difference(tuple(rows), tuple(self.renamed.items()), same)

    def _renamed(self) -> Iterator[tuple[str, str]]:
        """Sections whose items stand together under another name."""
        went, came = defaultdict(set), defaultdict(set)
        for code in self.common:
            old = self.old_names[self.before[code].section]
            new = self.new_names[self.after[code].section]
            went[old].add(new)
            came[new].add(old)
        for old, news in went.items():
            new = next(iter(news))
            if news == {new} and came[new] == {old} and old != new:
                yield old, new

    def _row(self, entry: Entry, stayed: set[str]) -> Row | None:
        former = self.before.get(entry.code)
        if former is None:
            return self._whole(entry, "added", self.new_names)
        parts = {
            "moved": self._moved(former, entry, stayed),
            "points": list(_changed("points", _figure(former.points), _figure(entry.points))),
            "rules": list(_rules(former, entry)),
            "wording": list(_wording(former, entry)),
        }
        marks = tuple(mark for mark, found in parts.items() if found)
        if not marks:
            return None
        return self._whole(entry, None, self.new_names, marks, chain(*parts.values()))

    def _whole(self, entry, mark, names, marks=(), parts=()) -> Row:
        section = names[entry.section]
        marks = (mark,) if mark else marks
        return Row(entry.code, entry.name[0], section, entry.points, marks, tuple(parts))

    def _moved(self, former: Entry, entry: Entry, stayed: set[str]) -> list[Part]:
        old, new = self.old_names[former.section], self.new_names[entry.section]
        if self.renamed.get(old, old) != new:
            return [Part("section", old, new)]
        if entry.code in stayed:
            return []
        return [Part("place", *(str(places[entry.code] + 1) for places in self.places))]


def _stayed(codes: Sequence[str], place: dict[str, int]) -> set[str]:
    """The most items that kept their order: the longest rising run of former places."""
    tails: list[int] = []
    ends: list[str] = []
    previous: dict[str, str | None] = {}
    for code in codes:
        at = bisect_left(tails, place[code])
        previous[code] = ends[at - 1] if at else None
        tails[at:at + 1], ends[at:at + 1] = [place[code]], [code]  # fmt: skip
    found, code = set(), ends[-1] if ends else None
    while code is not None:
        found.add(code)
        code = previous[code]
    return found


def _changed(what: str, before: str | None, after: str | None) -> Iterator[Part]:
    if (before or None) != (after or None):
        yield Part(what, before or None, after or None)


def _rules(former: Entry, entry: Entry) -> Iterator[Part]:
    yield from _changed("price", _price(former.price), _price(entry.price))
    before = [_rule(rule) for rule, _english in former.further]
    after = [_rule(rule) for rule, _english in entry.further]
    yield from _lists("rule", before, after)
    if former.photo_required != entry.photo_required:
        yield Part("photo", _yes(former.photo_required), _yes(entry.photo_required))


def _wording(former: Entry, entry: Entry) -> Iterator[Part]:
    yield from _changed("name", former.name[0], entry.name[0])
    yield from _changed("standard", former.standard[0], entry.standard[0])
    before, after = map(_line, former.requirements), map(_line, entry.requirements)
    yield from _lists("requirement", list(before), list(after))


def _lists(what: str, before: list[str], after: list[str]) -> Iterator[Part]:
    """Lines that came, went, or stand in place of others."""
    keys = [folded(text) for text in before], [folded(text) for text in after]
    for kind, a, b, c, d in SequenceMatcher(None, *keys, autojunk=False).get_opcodes():
        if kind != "equal":
            old, new = before[a:b], after[c:d]
            length = max(len(old), len(new))
            pairs = zip(_filled(old, length), _filled(new, length), strict=True)
            yield from (Part(what, *pair) for pair in pairs)


def _filled(texts: list[str], length: int) -> Iterable[str | None]:
    return [*texts, *[None] * (length - len(texts))]


def _line(line: Line) -> str:
    if not line.critical:
        return line.text[0]
    return f"{line.text[0]} · {Critical(line.critical).label}"


def _price(rule: Rule | None) -> str | None:
    return f"{RuleKind(rule.kind).label} {_range(rule)}" if rule and rule.kind else None


def _rule(rule: Rule) -> str:
    kind = RuleKind(rule.kind).label if rule.kind else ""
    figures = " / ".join(map(_figure, rule.levels)) if rule.levels else _range(rule)
    return " · ".join(filter(None, (rule.text, f"{kind} {figures}".strip())))


def _range(rule: Rule) -> str:
    figures = [_figure(each) for each in (rule.minimum, rule.maximum) if each is not None]
    return "–".join(dict.fromkeys(figures))


def _figure(value) -> str | None:
    return None if value is None else f"{plain(value):f}"


def _yes(value: bool) -> str:
    return str(_("是")) if value else str(_("否"))
