"""Deduction rules written in English: deduct 0.5-2 points for each missing item."""

import re
import unicodedata
from decimal import Decimal

from scoring.engine import Kind

from .amounts import DASHES, plain
from .rules import Rule

CHINESE, LETTERS = re.compile(r"[\u3400-\u9fff]"), re.compile("[A-Za-z]{2}")
N = r"(\d{1,6}(?:\.\d{1,2})?)"
POINTS = r"\s*(?:points?|pts?|marks?)?"
FIGURES = rf"{N}{POINTS}(?:\s*(?:-|to)\s*{N})?{POINTS}"
DEDUCT = r"(?:deduct(?:ed|ion)?(?: of)?|minus|lose|subtract|^-)"
EXTRA = re.compile(
    rf"(?:{DEDUCT} )?(?:an )?(?:extra|additional|further)(?: deduction of)? {FIGURES}"
)
AMOUNT = re.compile(rf"{DEDUCT}:?\s*{FIGURES}")
BARE = re.compile(rf"^{FIGURES}(?= (?:each|per|for (?:each|every|any))\b)")
NOTHING = re.compile(
    r"\b(?:no|zero|0) (?:points?|marks?|score)\b|\bloses? (?:the (?:whole )?item|all)"
)
LEVEL = re.compile(
    r"\b(fully conform\w*|conform\w*|compliant|mostly conform\w*|partly conform\w*|does not conform"
    r"|not conform\w*|non-?compliant|partly compliant|excellent|good|fair|average|poor|pass|fail)"
    rf"\s*[:=(]?\s*{N}{POINTS}\)?\s*[,/;]?\s*"
)
GENERIC = re.compile(
    r"\b(?:for|each|every|any|per|a|an|one|the|of|is|that|which|if|when|not|item|items|missing|absent"
    r"|lacking|requirement|requirements|point|points|standard|met|unmet|fulfilled|nonconforming"
    r"|non|conforming|conformity|nonconformity|found|occurrence|occurrences|instance|case|time"
    r"|place|defect|person|piece)\b|[-,:.]"
)
COUNT = re.compile(
    r"\b(?:per|each|every|for each|for every) (?:\w+ )?"
    r"(?:occurrence|instance|case|time|place|defect|person|piece|day|household|unit)\b"
)


def english_rule(clause: str) -> Rule | None:
    """The rule in an English clause; None where it is Chinese or not understood."""
    if CHINESE.search(clause) or not LETTERS.search(clause):
        return None
    words = " ".join(unicodedata.normalize("NFKC", clause).lower().split())
    words = DASHES.sub("-", re.sub(r"(?<=\d)\s*([-–—~])\s*(?=\d)", r"\1", words))
    if rule := _levels(clause, words):
        return rule
    if match := EXTRA.search(words):
        return _amount(clause, match, words, Kind.EXTRA)
    if match := AMOUNT.search(words) or BARE.search(words):
        return _amount(clause, match, words, None)
    return Rule(clause, Kind.LOSE_ITEM) if NOTHING.search(words) else None


def _levels(clause: str, words: str) -> Rule | None:
    found = list(LEVEL.finditer(words))
    if len(found) < 2 or LEVEL.sub("", words).strip():
        return None
    scored = [Decimal(match[2]) for match in found]
    lost = sorted({plain(max(scored) - points) for points in scored})
    return Rule(clause, Kind.LEVELS, lost[0], lost[-1], tuple(lost)) if len(lost) > 1 else None


def _amount(clause: str, match: re.Match, words: str, kind: Kind | None) -> Rule | None:
    low = plain(Decimal(match[1]))
    high = plain(Decimal(match[2])) if match[2] else low
    if not (low or high):
        return None
    if kind:
        return Rule(clause, kind, low, high)
    occasion = words[: match.start()] + " " + words[match.end() :]
    each = not GENERIC.sub("", occasion).strip()
    counted = COUNT.search(occasion)
    kind = Kind.RANGE if match[2] else Kind.FIXED
    return Rule(clause, Kind.PER_OCCURRENCE if counted else kind, low, high, each=each)
