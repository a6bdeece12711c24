"""A paper as whoever sits it sees it, and later with the right answers beside one's own."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _

from inspections.exam.sitting import Tap
from inspections.exam.words import LETTERS, QuestionKind
from inspections.models import Answer, Attempt
from organization.errors import Refused

LONGEST_AGE = timedelta(days=1)


@dataclass(frozen=True)
class Option:
    """One option at its place on the paper; what it is in the bank stays on the server."""

    place: int
    words: str
    is_chosen: bool


@dataclass(frozen=True)
class Asked:
    """A question as it stands on the paper."""

    position: int
    text: str
    kind: str
    kind_word: str
    points: object
    options: list[Option]

    @property
    def takes_several(self) -> bool:
        return self.kind == QuestionKind.MULTIPLE

    @property
    def is_answered(self) -> bool:
        return any(option.is_chosen for option in self.options)


@dataclass(frozen=True)
class Judged:
    """A question with what was chosen and what is right; only once the exam is over."""

    asked: Asked
    answer: Answer
    right: frozenset[int]

    @property
    def is_right(self) -> bool:
        return self.answer.earned == self.answer.question.points

    @property
    def explanation(self) -> str:
        return self.answer.question.explanation


def asked(attempt: Attempt) -> list[Asked]:
    """The whole paper, without a word about what is right."""
    return [of_answer(each) for each in attempt.answers.select_related("question")]


def of_answer(answer: Answer) -> Asked:
    question = answer.question
    return Asked(
        position=answer.position,
        text=question.text,
        kind=question.kind,
        kind_word=question.get_kind_display(),
        points=question.points,
        options=options_of(answer),
    )


def options_of(answer: Answer) -> list[Option]:
    choices = answer.question.choices
    order = [int(place) for place in answer.order] or range(len(choices))
    return [
        Option(place, choices[at][1], choices[at][0] in answer.chosen)
        for place, at in enumerate(order)
    ]


def standing(attempt: Attempt) -> dict[int, list[int]]:
    """What stands chosen, as places on the paper by position: what a page is told."""
    return {
        each.position: [option.place for option in each.options if option.is_chosen]
        for each in asked(attempt)
    }


def judged(attempt: Attempt) -> list[Judged]:
    found = attempt.answers.select_related("question")
    return [Judged(of_answer(each), each, right_places(each)) for each in found]


def right_places(answer: Answer) -> frozenset[int]:
    letters = [letter for letter, _words in answer.question.choices]
    order = [int(place) for place in answer.order] or range(len(letters))
    return frozenset(
        place for place, at in enumerate(order) if letters[at] in answer.question.answer
    )


def taps_of(post) -> list[Tap]:
    """What a page sends: `tap` fields from its script, or the whole form's fields `q1`, `q2` …

    Raises Refused for what no page of ours sends.
    """
    try:
        if post.getlist("tap"):
            return [tap_of(text) for text in post.getlist("tap")]
        return [
            Tap(position, places(post.getlist(f"q{position}")))
            for position in map(int, post.getlist("asked"))
        ]
    except (ValueError, OverflowError) as error:
        raise Refused(_("没有看懂发来的答案，请刷新页面再试。"), code="garbled") from error


def tap_of(text: str) -> Tap:
    """`3:0,2:1500`: of question 3 the places 0 and 2, tapped 1.5 seconds ago."""
    position, chosen, age = text.split(":")
    waited = min(timedelta(milliseconds=int(age)), LONGEST_AGE)
    return Tap(int(position), places(chosen.split(",") if chosen else ()), waited)


def places(texts: Iterable[str]) -> tuple[int, ...]:
    found = tuple(int(text) for text in texts)
    if any(not 0 <= place < len(LETTERS) for place in found):
        raise ValueError(found)
    return found
