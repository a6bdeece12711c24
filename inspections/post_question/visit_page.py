"""What a visit's page says of its post questions: drawn, answered, and what came of it."""

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from inspections.audit_visit.observing import About, about_of
from inspections.models import (
    AuditVisit,
    DrawnQuestion,
    PostAnswer,
    PostDraw,
    PostQuestion,
    ScoreSheet,
    VisitObservation,
)
from inspections.permissions import leads
from inspections.post_question.words import Result, post_word
from inspections.sheet.outline import outline
from organization.models import Specialty, User
from organization.states import State
from scoring.models import Rubric

# How far between the least and the most a requirement costs an answer is proposed to cost.
SHARES = {Result.PARTLY: Decimal(0), Result.WRONG: Decimal("0.5")}


@dataclass
class Said:
    """One answer that stands, as the reader may see it."""

    answer: PostAnswer
    who: str
    reader: User
    about: About | None = None
    source: VisitObservation | None = None
    former: list[PostAnswer] = field(default_factory=list)

    @property
    def amount(self) -> Decimal:
        """What the answer is proposed to cost."""
        return self.about.amount(SHARES[Result(self.answer.result)])

    @property
    def code(self) -> str:
        return str(self.answer.pk)

    @property
    def is_withdrawn(self) -> bool:
        return is_withdrawn(self.source)

    @property
    def is_outdated(self) -> bool:
        """Points stand for an answer that was corrected since."""
        is_other = bool(self.source) and self.source.answer_id != self.answer.pk
        return is_other and not self.is_withdrawn

    @property
    def is_others(self) -> bool:
        """Points are taken back by whoever noted them."""
        return self.source.observation.by_id != self.reader.pk


def is_withdrawn(source: VisitObservation) -> bool:
    return hasattr(source.observation, "withdrawal")


@dataclass
class Row:
    drawn: DrawnQuestion
    said: list[Said]


@dataclass
class Round:
    """The questions of one post."""

    draw: PostDraw
    rows: list[Row]

    @property
    def tally(self) -> list[tuple[State, int]]:
        counts = Counter(said.answer.result for row in self.rows for said in row.said)
        return [(each.state, counts[each]) for each in Result if counts[each]]


class VisitQuestions:
    """The post questions of one visit for one reader; as many queries however many there are.

    A project's own people see who said what only where they lead it, else of themselves. What a
    right answer says is for the company: the bank may ask it again.
    """

    def __init__(self, visit: AuditVisit, reader: User):
        self.visit, self.reader = visit, reader
        self.is_company = reader.sees_company
        self.names = self.is_company or leads(reader, visit.project_id)
        self.may_ask = (
            bool(visit.started_at and not visit.finished_at and not visit.withdrawn_at)
            and reader.has_perm("inspections.carry_out_visit", visit)
        )  # fmt: skip

    @cached_property
    def drawn(self) -> list[DrawnQuestion]:
        found = DrawnQuestion.objects.filter(draw__visit=self.visit)
        found = found.select_related("draw__specialty", "question__specialty")
        rows = list(found.order_by("draw", "position"))
        for row in rows:
            row.draw.visit = self.visit
        return rows

    @cached_property
    def answers(self) -> dict[int, list[PostAnswer]]:
        """By the question drawn: those that stand."""
        found: dict[int, list[PostAnswer]] = {}
        for each in self.every.values():
            if each.pk not in self.corrected:
                found.setdefault(each.drawn_id, []).append(each)
        return found

    @cached_property
    def every(self) -> dict:
        rows = PostAnswer.objects.filter(drawn__draw__visit=self.visit).select_related("by")
        return {each.pk: each for each in rows.order_by("recorded_at", "pk")}

    @cached_property
    def corrected(self) -> dict:
        """The answer that was corrected, by the one that took its place."""
        pairs = ((each.replaces_id, each.pk) for each in self.every.values() if each.replaces_id)
        return dict(pairs)

    @cached_property
    def sources(self) -> dict:
        """What was observed, by the answer that it came from."""
        found = VisitObservation.objects.filter(visit=self.visit, answer__isnull=False)
        seen = ScoreSheet.objects.visible_to(self.reader)
        found = found.filter(observation__sheet__in=seen)
        related = ("withdrawal", "item", "sheet__campaign", "by")
        found = found.select_related(*(f"observation__{name}" for name in related))
        return {each.answer_id: each for each in found}

    @cached_property
    def rubrics(self) -> dict[int, int]:
        """The rubric that each specialty is scored by here: the sheet's, else the one in force."""
        found = Rubric.objects.current().filter(campaign=self.visit.campaign)
        rubrics = dict(found.values_list("specialty", "pk"))
        sheets = ScoreSheet.objects.audits().filter(campaign=self.visit.campaign)
        return rubrics | dict(
            sheets.filter(project=self.visit.project).values_list("specialty", "rubric")
        )

    @cached_property
    def rounds(self) -> list[Round]:
        by_draw: dict[int, Round] = {}
        for each in self.drawn:
            held = by_draw.setdefault(each.draw_id, Round(each.draw, []))
            held.rows.append(Row(each, self.said(each)))
        return list(by_draw.values())

    def said(self, drawn: DrawnQuestion) -> list[Said]:
        return [self.shown(drawn, each) for each in self.answers.get(drawn.pk, [])]

    def shown(self, drawn: DrawnQuestion, answer: PostAnswer) -> Said:
        former = self.former(answer)
        known = [self.sources[each.pk] for each in (answer, *former) if each.pk in self.sources]
        source = next(iter(known), None)
        # what was withdrawn for an answer that was corrected is asked for anew
        is_settled = source and (source.answer_id == answer.pk or not is_withdrawn(source))
        is_offered = self.may_ask and answer.is_wanting and not is_settled
        return Said(
            answer=answer,
            who=self.who(answer),
            reader=self.reader,
            about=self.about(drawn.question) if is_offered else None,
            source=source,
            former=former,
        )

    def former(self, answer: PostAnswer) -> list[PostAnswer]:
        """What it corrected, the newest first."""
        found = []
        while answer.replaces_id:
            answer = self.every[answer.replaces_id]
            found.append(answer)
        return found

    def who(self, answer: PostAnswer) -> str:
        if self.names or answer.person_id == self.reader.pk:
            return " · ".join(filter(None, (answer.name, answer.position)))
        return answer.position

    def about(self, question: PostQuestion) -> About | None:
        """The requirement to take points for, where the reader may fill that sheet."""
        rubric = self.rubrics.get(question.specialty_id)
        may = self.reader.has_perm("inspections.open_sheet", question.specialty)
        if not (question.item and rubric and may):
            return None
        return about_of(outline(rubric), question.item, question.requirement)

    @cached_property
    def posts(self) -> list[tuple[str, str, int]]:
        """The posts that may still be drawn for: their name in a form, in words, bank size."""
        if not self.may_ask:
            return []
        done = {(each.draw.specialty_id, each.draw.role) for each in self.drawn}
        lines = Specialty.objects.in_bulk()
        return [
            (f"{lines[specialty].code}:{role}", post_word(lines[specialty], role), number)
            for (specialty, role), number in PostQuestion.objects.by_post().items()
            if (specialty, role) not in done
        ]

    def next_after(self, drawn: DrawnQuestion) -> DrawnQuestion | None:
        """The next question of the same post that nobody has answered yet."""
        same = [each for each in self.drawn if each.draw_id == drawn.draw_id]
        later = [each for each in same if each.position > drawn.position]
        earlier = [each for each in same if each.position < drawn.position]
        return next((each for each in later + earlier if each.pk not in self.answers), None)

    def last_asked(self, drawn: DrawnQuestion) -> PostAnswer | None:
        """Who was asked last at this post: most likely the next is theirs as well."""
        same = {each.pk for each in self.drawn if each.draw_id == drawn.draw_id}
        return next((a for a in reversed(self.every.values()) if a.drawn_id in same), None)
