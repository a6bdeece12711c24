"""Points and deduction rules as people write them. Points are exact decimals."""

import re
from dataclasses import dataclass
from decimal import Decimal

from .wording import folded, split_requirements

MOST_POINTS = 10_000
DASHES = re.compile(r"(?<=[\d分])[-‐‑–—―−~〜∼至到](?=\d)")
MINUS = re.compile(r"^[-‐‑–—―−](?=\d)")
POINTS = re.compile(r"(?:满分|标准分|共|计)?([+-]?\d{1,9}(?:\.\d{1,9})?)分?")

N = r"(\d{1,6}(?:\.\d{1,6})?)"
EACH = "(?:/[项处条点个])?"
RANGE = re.compile(rf"扣[除减分]?{N}分?-{N}分?{EACH}$")
FIXED = re.compile(rf"扣[除减分]?{N}分?{EACH}$")
BARE_RANGE = re.compile(rf"^{N}分?-{N}分?{EACH}$")
FULL_MARKS = re.compile(rf"^(?:完全|全部)?符合(?:要求|标准|规定)?(?:的)?(?:得|计)?{N}分?$")
UNTIL_ZERO = re.compile(r"^扣完(?:该项|本项|为止|分|分值|得分)*$")
# What a deduction for any missing requirement says of its occasion, word by word.
# Other words (无该项制度的, 每人次) name an occasion of their own.
OCCASION = re.compile(
    r"每|凡|如|若|有|出现|发现|存在|缺少|缺失|缺|少|不符合|不达标|不合格|不规范|不到位|未做到|未达标"
    r"|一|1|项|处|条|点|个|内容|检查|要求|标准|规定|的|者|则|,|:"
)


@dataclass(frozen=True)
class Rule:
    """A deduction rule: its text, and the points that one missing requirement costs.

    A fixed amount has minimum = maximum; both are None where the text says something else.
    `full_marks` are the points for 符合, if it names them.
    """

    text: str
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    full_marks: Decimal | None = None

    @property
    def understood(self) -> bool:
        return self.minimum is not None


def plain(value: Decimal) -> Decimal:
    """The same number with no zeros that say nothing: 5.0 → 5, 10 → 10."""
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


def parse_points(value: str | Decimal) -> Decimal:
    """Points from `5`, `5分`, `５`, `5.0` or a number; ValueError if it is none.

    Negative points are returned as they are. More than two decimals or 10,000 points is no
    figure that a form can mean.
    """
    match = POINTS.fullmatch(MINUS.sub("-", folded(str(value))))
    points = Decimal(match[1]) if match else None
    if points is None or abs(points) > MOST_POINTS or points != round(points, 2):
        raise ValueError(str(value))
    return plain(points)


def parse_rule(text: str) -> Rule:
    """The rule as far as it is one amount, or one range, for each missing requirement.

    Every clause has to be understood: a text that also says something else stays text.
    A line break may end a clause or only wrap it.
    """
    whole = _parse_clauses(text, _clauses(text))
    return whole if whole.understood else _parse_clauses(text, _clauses(text.replace("\n", "；")))


def _parse_clauses(text: str, clauses: list[str]) -> Rule:
    full_marks, amounts = None, []
    for clause in clauses:
        if match := FULL_MARKS.match(clause):
            full_marks = plain(Decimal(match[1]))
        elif found := _deduction(clause):
            amounts.append(found)
        elif not _says_nothing(clause):
            return Rule(text, full_marks=full_marks)
    if len(amounts) != 1:
        return Rule(text, full_marks=full_marks)
    return Rule(text, *amounts[0], full_marks=full_marks)


def _clauses(text: str) -> list[str]:
    parts = [part for line in split_requirements(text) for part in re.split("[；;。，,]", line)]
    return [DASHES.sub("-", folded(part).strip("()")) for part in parts if part.strip()]


def _deduction(clause: str) -> tuple[Decimal, Decimal] | None:
    match = RANGE.search(clause) or BARE_RANGE.match(clause) or FIXED.search(clause)
    if match is None or OCCASION.sub("", clause[: match.start()]):
        return None
    figures = [plain(Decimal(figure)) for figure in match.groups()]
    exact = all(figure == round(figure, 2) for figure in figures)
    return (figures[0], figures[-1]) if exact and any(figures) else None


def _says_nothing(clause: str) -> bool:
    return bool(UNTIL_ZERO.match(clause)) or not OCCASION.sub("", clause)
