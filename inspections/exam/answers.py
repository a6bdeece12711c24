"""What a question says, as plain values: read from cells or a form, checked in one place."""

import re
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from inspections.exam.words import FALSE, LETTERS, TRUE, TRUTH_WORDS, QuestionKind
from organization.lists import fold, in_language

FEWEST, MOST = 2, len(LETTERS)
LONGEST = {"text": 1000, "option": 300, "topic": 60, "explanation": 1000}
MOST_POINTS = Decimal(100)
BETWEEN = re.compile(r"[\s,，、;；.。/|&+和及]+")


@dataclass(frozen=True)
class Content:
    """A question's words and answer. `answer` are letters; of a truth question A is true."""

    kind: str
    text: str
    options: tuple[str, ...]
    answer: str
    points: Decimal
    topic: str = ""
    explanation: str = ""

    @classmethod
    def of(cls, question) -> "Content":
        values = {name: getattr(question, name) for name in cls.__dataclass_fields__}
        return cls(**values | {"options": tuple(question.options)})

    @property
    def key(self) -> str:
        """The same question, however it is spaced."""
        return fold(self.text)

    @property
    def kind_word(self) -> str:
        return QuestionKind(self.kind).label

    @property
    def answer_word(self) -> str:
        return truth_word(self.answer) if self.kind == QuestionKind.TRUTH else self.answer

    def fields(self) -> dict:
        values = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return values | {"options": list(self.options)}


def answer_of(kind: str, text: str, options: tuple[str, ...] = ()) -> str | None:
    """The letters that an answer means: A, ABD, A、B、D, 对, √, T …; None when it means none."""
    if kind == QuestionKind.TRUTH:
        return truth_letter(text, options)
    word = fold(text)
    letters = BETWEEN.sub("", word).upper()
    if letters and set(letters) <= set(LETTERS[: len(options)]) and is_once(letters):
        return "".join(sorted(letters))
    same = [
        letter for letter, option in zip(LETTERS, options, strict=False) if fold(option) == word
    ]
    return same[0] if len(same) == 1 else None


def is_once(letters: str) -> bool:
    return len(set(letters)) == len(letters)


def truth_letter(text: str, options: tuple[str, ...] = ()) -> str | None:
    """A for true, B for false; a letter means what stands in that option, where there are any."""
    word = fold(text)
    if word.upper() in (TRUE, FALSE):
        place = LETTERS.index(word.upper())
        return truth_letter(options[place]) if len(options) > place else word.upper()
    return next((letter for letter, words in TRUTH_WORDS.items() if word in map(fold, words)), None)


def truth_word(letter: str) -> str:
    """对 or 错 as an export writes it, in the reader's language."""
    return in_language(TRUTH_WORDS[letter][:2])


def faults(content: Content) -> dict[str, str]:
    """What is wrong with a question, by field; empty when it may be asked."""
    found = {}
    if not content.text:
        found["text"] = _("题干不能空着。")
    if content.kind not in QuestionKind.values:
        found["kind"] = _("选一种题型。")
    if message := options_fault(content):
        found["options"] = message
    if message := answer_fault(content):
        found["answer"] = message
    if not 0 < content.points <= MOST_POINTS or content.points.as_tuple().exponent < -2:
        found["points"] = _("分值要在 0 和 100 之间，最多两位小数。")
    return found | too_long(content)


def too_long(content: Content) -> dict[str, str]:
    texts = [(name, getattr(content, name), name) for name in ("text", "topic", "explanation")]
    texts += [("options", option, "option") for option in content.options]
    return {
        field: _("太长了，最多 %(most)d 个字。") % {"most": LONGEST[kind]}
        for field, text, kind in texts
        if len(text) > LONGEST[kind]
    }


def options_fault(content: Content) -> str:
    if content.kind == QuestionKind.TRUTH:
        return ""
    if not FEWEST <= len(content.options) <= MOST:
        return _("选项要有 2 到 8 个。")
    if not all(content.options):
        return _("选项中间不能空着。")
    if len(set(map(fold, content.options))) < len(content.options):
        return _("有两个选项一样。")
    return ""


def answer_fault(content: Content) -> str:
    known = LETTERS[:2] if content.kind == QuestionKind.TRUTH else LETTERS[: len(content.options)]
    if not content.answer or not set(content.answer) <= set(known):
        return _("写明正确答案，只能是有的选项。")
    if content.kind != QuestionKind.MULTIPLE and len(content.answer) > 1:
        return _("这种题只能有一个正确答案。")
    return ""
