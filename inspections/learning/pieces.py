"""Words cut into pieces that a database can look up: Chinese by two characters, others whole."""

import re
import unicodedata
from itertools import pairwise

LONGEST = 40  # characters of a Latin word, as stored
HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
RUNS = re.compile(rf"[{HAN}]+|[^\W_{HAN}]+")
IS_HAN = re.compile(rf"[{HAN}]")
# Pairs that nearly every sentence of this trade has; they tell nothing apart.
EMPTY = frozenset(
    "没有 不够 未按 存在 问题 进行 以及 情况 要求 相关 按照"  # noqa: SIM905 - reads as a list
    " the and for not are was with has".split()
)


def pieces_of(text: str) -> frozenset[str]:
    """All pieces of a text: neighbouring characters of Chinese, whole words of anything else.

    A single Chinese character between other signs is a piece of its own.
    """
    found: set[str] = set()
    for run in RUNS.findall(unicodedata.normalize("NFKC", text).lower()):
        if not IS_HAN.match(run):
            found.add(run[:LONGEST])
        elif len(run) == 1:
            found.add(run)
        else:
            found.update(a + b for a, b in pairwise(run))
    return frozenset(found - EMPTY)
