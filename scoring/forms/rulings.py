"""Deduction rules as people write them, several in one cell.

A cell is cut into clauses (at numbers, semicolons, full stops, ends of lines), a clause at its
commas into parts: words of an occasion, closed by an amount. 未以文件形式发布的，扣1分 is one rule;
every word of a clause has to be understood, otherwise the clause stays text for a person.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache

from scoring.engine import Kind

from .amounts import DASHES, plain
from .english import english_rule
from .rules import Rule
from .wording import folded, heading, split_requirements, tidy

N = r"(\d{1,6}(?:\.\d{1,6})?)"
RANGE_OR_ONE = rf"{N}(?:分?-{N})?分?"
# What is counted when it happens; an item's own requirements come in 项, 条, 点.
TIMES = "天|日|小时|分钟"
UNITS = (
    "人次|处次|台次|件次|户次|车次|班次|平方米|处|次|人|名|例|起|台|件|户|份|张|辆|间|栋|块|盏|扇|只"
    "|车|单|宗|套|组|家|株|米|桶|本|册|岗"
)
OF_ITEM = "项|条|点|个|款"
HAPPENS = "发现|出现|查出|有|存在|缺少|缺失|缺|少|漏|超过|超|逾期|延迟|延误|迟|晚|增加"
VERB = "(?:应|各|则|均|再|将)?(?:扣除|扣减|扣掉|扣分|扣|减)"
PER = rf"(?:/(?:每|一)?({UNITS}|{TIMES}|{OF_ITEM}))?"
DEDUCTION = re.compile(rf"[(]?{VERB}{RANGE_OR_ONE}{PER}计?[)]?$")
BARE_RANGE = re.compile(rf"^{N}分?-{N}分?{PER}$")
EXTRA = re.compile(
    rf"[(]?(?:再|并)?(?:追加|另行|另外|另|额外|加|倒)(?:扣除|扣减|扣)分?{RANGE_OR_ONE}[)]?$"
)
ITSELF = "(?:该|本|此|全)?(?:大|小|子)?(?:项目|项|条|款)?"
LOSE = re.compile(
    rf"[(]?(?:则|均|直接|一律)?{ITSELF}(?:均|全部|一律)?(?:不得分|不给分|不计分|无分|(?:得|计|记|为|判)?(?:零|(?<![\d.\-])0)分"
    rf"|得(?:0|零)|扣完{ITSELF}(?:全部)?(?:分值|得分|分)?|(?:扣除?|扣减){ITSELF}(?:全部|所有)(?:分值|得分|分)?"
    rf"|扣全分|全扣)[)]?$"
)
UNTIL_ZERO = re.compile(
    r"[(]?(?:直至|直到)?(?:该项|本项|此项)?(?:分值|得分|分)?扣(?:完|光|至0分?|到0分?)"
    r"(?:该项|本项|此项|为止|即止|分值|得分|所有|全部|分|止)*[)]?"
    r"|不计负分|不[出倒]扣|最低(?:得|为)?0分"
)
CLOSING_ASIDE = re.compile(r"[(（](?:直至|直到)?扣完[^()（）]{0,8}为止[)）]$")
# What a deduction for any missing requirement says of its occasion, word by word.
# Other words (无该项制度的, 未经培训上岗的) name an occasion of their own.
GENERIC = re.compile(
    rf"按|每|凡|如|若|任意|任何|任|{HAPPENS}|不符合|不达标|不合格|不规范|不到位|不满足|未做到|未达标|未达到"
    rf"|未满足|没有|其中|一|1|{UNITS}|{OF_ITEM}|内容|检查|要求|标准|规定|问题|情况|的|者|则|时|,|:"
)
COUNTED_LAST = re.compile(
    rf"(?<![周月日天年季班时度])(?:每|一|1)(?:{HAPPENS})*(?:一|1)?({UNITS}|{TIMES}|{OF_ITEM})$"
)
COUNTED_FIRST = re.compile(
    rf"^(?:凡|如|若)?(?:{HAPPENS})*(?:每|一|1)(?:{HAPPENS})*(?:一|1)?({UNITS}|{OF_ITEM})(?!性)"
    rf"|^每(?:{HAPPENS})+(?:一|1)?({TIMES})"
)
# Such words bend an amount in a way that no kind of rule knows.
BENDS = re.compile(
    r"[本全整]表(?!格)|总分|总评|否决|[得扣]\d+(?:\.\d+)?%|酌情|视情|视程度|最多|最高|至多|不超过|上限|封顶|加倍|减半|加分|奖励|扣|得分|\d分"
)
BENDS_EXTRA = re.compile(
    r"酌情|视情|视程度|最多|最高|至多|不超过|上限|封顶|加倍|减半|加分|奖励|不得分|零分"
)
DIGITS = {"一": "1", "二": "2", "两": "2", "三": "3", "四": "4", "五": "5", "六": "6", "七": "7",
          "八": "8", "九": "9", "十": "10", "半": "0.5"}  # fmt: skip
SPELT = re.compile(rf"(?<=[扣除减])([{''.join(DIGITS)}])(?=分)")

LEVEL_WORD = (
    "(?:完全|全部|基本|部分|大部分|比较|较为|较|很|非常|未|不够|不太|不)*"
    "(?:符合|合格|达标|达到|到位|满足|完好|规范|整洁|满意|优秀|优良|优|良好|良|中等|中|好|一般|及格|差|完整"
    "|齐全|做到|得?满分|[a-e一二三四][级等档]|是|否|没有|有|无|fullmarks?)(?:要求|标准|规定)?(?:的|者)?"
)
LEVEL = re.compile(
    rf"({LEVEL_WORD})[:：]?[(]?(?:(?:得|计|记|为|给|评)?{N}分?|(扣){N}分?|(不得分|零分|无分)|(不扣分?))[)]?[、/|]?"
)
FULL = re.compile(r"(?:完全|全部)?(?:符合|合格|达标|达到|到位|满足|做到|得?满分|优|fullmark)")
LEVELS_LOST = re.compile(rf"(?:分档|按档|分级)扣({N}分?(?:[、/或]{N}分?)+)$")

CLAUSE_END = re.compile(
    r"[；;。！!]|\.(?=\s|$)|(?<=[分止])[ \t\u3000]+(?=[^\s\d\-－–—―−~～至到/分(（)）,，])"
)
LINE_GOES_ON = re.compile(
    r"(?:[的者时，,、:：\-－–—~～至]|^[每一1]?(?:缺|少|发现|缺少)?[一1]?[处项次条点个])$"
)
LINE_CONTINUES = re.compile(
    r"[\-－–—~～至]|分|[应各则均再]?(?:扣|减)|追加|另扣|加扣|[该本此]项|不得分|得0|得零"
)
# No rule is longer, nor all those of an item; keeps the reading of any text linear and short.
LONGEST_CLAUSE = 500
LONGEST_CELL = 4_000
SETTLED = re.compile(r"(.*)【(.+)】", re.DOTALL)


@dataclass(frozen=True)
class RulesRead:
    """What a cell says: its rules in order, and the points that conforming is worth, if named."""

    rules: tuple[Rule, ...] = ()
    full_marks: Decimal | None = None

    @property
    def unsettled(self) -> list[Rule]:
        return [rule for rule in self.rules if not rule.understood]


@lru_cache(maxsize=256)
def parse_rules(text: str) -> RulesRead:
    """Every clause of a cell as a rule; one that was not understood has no kind.

    A line break may end a clause or only wrap it; the reading that leaves least open counts.
    """
    if len(text) > LONGEST_CELL:
        return RulesRead((Rule(tidy(text)),))
    if settled := _settled_clauses(text):
        return _Clauses().read(settled)
    best = None
    for way in dict.fromkeys(_ways(text)):
        read = _Clauses().read(_clauses(way))
        if not read.unsettled:
            return read
        best = read if best is None or len(read.unsettled) < len(best.unsettled) else best
    return best or RulesRead()


def settled_rule(words: str) -> Rule | None:
    """What the words in 【】 settle, as `ruling_words` writes them."""
    if words == "待定":
        return Rule("")
    read = parse_rules(words)
    if len(read.rules) != 1 or read.unsettled:
        return None
    [rule] = read.rules
    once = rule.each and not words.startswith("每缺一项") and not words.startswith("每发现一处")
    return replace(rule, text="", each=rule.each and not once)


def _settled_clauses(text: str) -> list[str]:
    """The clauses of a cell in which every rule was settled by a person, in 【】."""
    clauses = [clause.strip() for clause in re.split("；", text)]
    rest = clauses[1:] if len(clauses) > 1 and LEVEL.fullmatch(_plainly(clauses[0])) else clauses
    return clauses if rest and all(clause.endswith("】") for clause in rest) else []


def _ways(text: str) -> Iterator[str]:
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    yield "".join(map(_with_end, lines, [*lines[1:], ""]))
    yield tidy(text)


def _with_end(line: str, following: str) -> str:
    goes_on = LINE_GOES_ON.search(line) or LINE_CONTINUES.match(following)
    return line if goes_on or not following else f"{line}；"


def _clauses(text: str) -> list[str]:
    parts = [part for entry in split_requirements(text) for part in CLAUSE_END.split(entry)]
    clauses = (heading(CLOSING_ASIDE.sub("", part or "")) for part in parts)
    return [clause for clause in clauses if folded(clause)]


def _plainly(text: str) -> str:
    text = SPELT.sub(lambda match: DIGITS[match[1]], folded(text))
    return DASHES.sub("-", text)


@dataclass
class _Clauses:
    """Goes through the clauses of a cell."""

    rules: list[Rule] = field(default_factory=list)
    full_marks: Decimal | None = None
    _levels: list[str] = field(default_factory=list)

    def read(self, clauses: list[str]) -> RulesRead:
        for clause in clauses:
            self._take(clause)
        self._end_levels()
        return RulesRead(tuple(_one_price(self.rules)), self.full_marks)

    def _take(self, clause: str) -> None:
        if len(clause) > LONGEST_CLAUSE:
            self._leave(clause)
            return
        settled = SETTLED.fullmatch(clause)
        rule = settled_rule(settled[2]) if settled else english_rule(clause)
        if rule and settled:
            rule = replace(rule, text=settled[1])
        if rule:
            self._end_levels()
            self.rules.append(rule)
            return
        before = (len(self.rules), self.full_marks, list(self._levels))
        if not self._take_parts(clause):
            del self.rules[before[0] :]
            self.full_marks, self._levels = before[1], before[2]
            self._leave(clause)

    def _leave(self, clause: str) -> None:
        """The clause stays text."""
        self._end_levels()
        self.rules.append(Rule(_bare(clause)))

    def _take_parts(self, clause: str) -> bool:
        """Whether every part of the clause was understood."""
        occasion = ""
        for part in re.findall("[^，,]+[，,]?", clause):
            words = _plainly(part).strip(",")
            if not occasion and _all_levels(words):
                self._levels.append(part.strip("，, "))
                continue
            if not occasion and UNTIL_ZERO.fullmatch(words):
                continue
            occasion += part
            if rule := _rule(_bare(occasion)):
                self._end_levels()
                self.rules.append(rule)
                occasion = ""
        return not occasion.strip("，, ")

    def _end_levels(self) -> None:
        """A run of levels is one rule; one level alone may be what conforming is worth."""
        words, self._levels = self._levels, []
        entries = [entry for word in words for entry in LEVEL.finditer(_plainly(word))]
        text = "，".join(words)
        if len(entries) == 1 and entries[0][2] and FULL.match(entries[0][1]):
            self.full_marks = plain(Decimal(entries[0][2]))
        elif len(entries) == 1 and _scored(entries[0]) == 0:
            self.rules.append(Rule(text, Kind.LOSE_ITEM))
        elif entries:
            self._add_levels(text, entries)

    def _add_levels(self, text: str, entries: list[re.Match]) -> None:
        scored = [_scored(entry) for entry in entries]
        known = [points for points in scored if points is not None]
        if known and len(known) == len(scored) and max(known) > min(known):
            self.full_marks = max(known)
            lost = sorted({plain(max(known) - points) for points in known})
        elif not known:
            lost = sorted({plain(Decimal(entry[4] or 0)) for entry in entries})
        else:
            lost = []
        self.rules.append(_levels(text, lost) if len(lost) > 1 else Rule(text))


def _scored(entry: re.Match) -> Decimal | None:
    """The points that a level is worth; None where it says what is lost."""
    if entry[2]:
        return plain(Decimal(entry[2]))
    return Decimal(0) if entry[5] else None


def _levels(text: str, lost: list[Decimal]) -> Rule:
    return Rule(text, Kind.LEVELS, min(lost), max(lost), tuple(lost))


def _all_levels(words: str) -> bool:
    end = 0
    while match := LEVEL.match(words, end):
        end = match.end()
    return bool(words) and end == len(words)


def _bare(clause: str) -> str:
    """A clause without the brackets around it and punctuation at its ends."""
    text = tidy(clause).strip("，, ")
    around = re.fullmatch(r"[(（]([^()（）]*)[)）]", text)
    return around[1].strip() if around else text


def _rule(text: str) -> Rule | None:
    """The rule that an occasion and its amount make; None where it is not understood."""
    words = _plainly(text)
    if match := LEVELS_LOST.search(words):
        return _levels(text, [plain(Decimal(each)) for each in re.findall(N, match[1])])
    if match := EXTRA.search(words):
        return _extra(text, words[: match.start()], match)
    if match := DEDUCTION.search(words) or BARE_RANGE.match(words):
        return _deduction(text, words[: match.start()], match)
    match = LOSE.search(words)
    known = match and not BENDS.search(words[: match.start()])
    return Rule(text, Kind.LOSE_ITEM) if known else None


def _extra(text: str, occasion: str, match: re.Match) -> Rule | None:
    figures = _figures(match)
    known = figures and not BENDS_EXTRA.search(occasion)
    return Rule(text, Kind.EXTRA, *figures) if known else None


def _deduction(text: str, occasion: str, match: re.Match) -> Rule | None:
    figures = _figures(match)
    if figures is None or BENDS.search(occasion):
        return None
    each = not GENERIC.sub("", occasion)
    unit = match[3] or _unit(occasion, anywhere=each)
    counted = unit and not (each and unit in OF_ITEM)
    kind = Kind.RANGE if match[2] else Kind.FIXED
    return Rule(text, Kind.PER_OCCURRENCE if counted else kind, *figures, each=each)


def _figures(match: re.Match) -> tuple[Decimal, Decimal] | None:
    low = Decimal(match[1])
    high = Decimal(match[2]) if match[2] else low
    exact = all(figure == round(figure, 2) for figure in (low, high))
    return (plain(low), plain(high)) if exact and (low or high) else None


def _unit(occasion: str, *, anywhere: bool) -> str:
    """What the occasion counts: 每人次, 一处; of any words only at their beginning or end."""
    parts = [part for part in re.split("[,:]", occasion) if part]
    if not parts:
        return ""
    last = COUNTED_LAST.search(re.sub("(?:的|者|(?<!小)时|则)+$", "", parts[-1]))
    first = next((match for part in parts if (match := COUNTED_FIRST.search(part))), None)
    loose = re.search(rf"(?:每|一|1)(?:{HAPPENS})*(?:一|1)?({UNITS}|{OF_ITEM})", occasion)
    found = last or first or (loose if anywhere else None)
    return next((group for group in found.groups() if group), "") if found else ""


def _one_price(rules: list[Rule]) -> Iterator[Rule]:
    """An item has one price at most: of two, that of a missing requirement.

    What is counted besides it is a rule of its own; a second price of the same kind is a
    contradiction, which a person has to settle.
    """
    prices = [rule for rule in rules if rule.each]
    counted = [rule for rule in prices if rule.kind == Kind.PER_OCCURRENCE]
    price = next((rule for rule in prices if rule.kind != Kind.PER_OCCURRENCE), None) or next(
        iter(counted), None
    )
    for rule in rules:
        if not rule.each or rule is price:
            yield rule
        elif rule.kind == Kind.PER_OCCURRENCE:
            yield replace(rule, each=False)
        else:
            yield Rule(rule.text)
