"""What an exam's page shows its reader: how one did oneself, how the project did, how all did."""

from datetime import datetime
from functools import cached_property

from django.core.paginator import Page, Paginator
from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from inspections.exam.access import own_seat
from inspections.exam.kept_rates import kept_projects
from inspections.exam.rates import (
    Hardness,
    Rate,
    hardness,
    overall,
    overall_of_all,
    project_page,
    topics,
)
from inspections.exam.setting import is_begun
from inspections.exam.settling import question_counts, unsettled
from inspections.exam.sitting import attempts_left, running_attempt
from inspections.models import Attempt, Exam, Question, Seat
from inspections.models.exams import GRACE
from organization.models import User
from organization.narrow_pages import NarrowPaginator
from organization.prepared import by_key, prepared
from organization.states import State
from organization.templatetags.ui import moment

PAGE_SIZE = 20
HARDEST = 10
BY_NAME = ("project__code", "name", "pk")


def first_people(*, exam, until) -> QuerySet[Seat]:
    """Those of no project come last, as databases sort that do not say otherwise."""
    seats = Seat.objects.filter(exam=exam)
    if not connection.features.order_by_nulls_first:
        seats = seats.filter(project__isnull=False)  # walked along by project
    first = Seat.objects.filter(pk__in=seats.order_by(*BY_NAME).values("pk")[:PAGE_SIZE])
    return first.with_result(until=until).select_related("project").order_by(*BY_NAME)


first_of = prepared(
    first_people, {"exam": Exam._meta.pk, "until": Attempt._meta.get_field("deadline")}
)
with_keys = prepared(
    lambda *, keys: Question.objects.filter(pk__in=keys), {"keys": Question._meta.pk}
)


class ExamScreen:
    """An exam seen by one reader at one moment."""

    def __init__(self, exam: Exam, reader: User, at: datetime, projects_at: str | None = None):
        self.exam, self.reader, self.at, self.projects_at = exam, reader, at, projects_at
        self.seat = own_seat(exam, reader)
        self.may_run = reader.has_perm("inspections.run_exam", exam)
        self.may_read = reader.has_perm("inspections.read_exam", exam)
        self.sees_others = reader.sees_company or self.others.exists()
        self.is_over = exam.is_over(at=at)
        self.projects_counted_at: datetime | None = None

    # --- oneself ---------------------------------------------------------------------------

    @cached_property
    def attempts(self) -> list[Attempt]:
        return list(self.seat.attempts.order_by("-number")) if self.seat else []

    @cached_property
    def running(self) -> Attempt | None:
        attempt = running_attempt(self.seat, at=self.at) if self.seat else None
        return attempt if attempt and attempt.seconds_left(at=self.at) else None

    @property
    def left(self) -> int:
        return attempts_left(self.seat) if self.seat else 0

    @property
    def may_start(self) -> bool:
        open_here = self.exam.is_online and self.exam.is_open(at=self.at)
        return bool(self.seat and open_here and not self.running and self.left)

    @cached_property
    def mine(self):
        """The reader's own result: an attempt's at once, an entered one when it is published."""
        if not self.seat or not (self.exam.is_online or self.exam.published_at):
            return None
        seat = self.exam.seats.filter(pk=self.seat.pk).with_result(at=self.at).get()
        return seat.result

    @property
    def my_state(self) -> State | None:
        if not self.seat:
            return None
        known = self.exam.is_online or self.exam.published_at
        seat = self.seat if known else Seat()
        return seat.state(self.mine, exam=self.exam, is_over=self.is_over)

    @property
    def may_review(self) -> bool:
        """The right answers are shown once nobody can be asked them any more."""
        return self.is_over and any(each.is_over(at=self.at) for each in self.attempts)

    # --- everybody -------------------------------------------------------------------------

    @property
    def seats(self):
        return self.exam.seats.visible_to(self.reader)

    @property
    def others(self):
        return self.seats.exclude(person=self.reader)

    @cached_property
    def late(self) -> list[tuple]:
        return unsettled(at=self.at)

    @cached_property
    def rate(self) -> Rate:
        if self.reader.sees_company:
            return overall_of_all(self.exam, at=self.at, late=self.late)
        return overall(self.exam, self.seats, at=self.at, late=self.late)

    @cached_property
    def projects(self) -> Page:
        """The rates by project, those that need most first; the first page as it was kept."""
        if self.reader.sees_company and self.projects_at in (None, "", "1"):
            page, self.projects_counted_at = kept_projects(self.exam, at=self.at)
            if page:
                return page
        return project_page(self.exam, self.seats, self.projects_at, at=self.at, late=self.late)

    @property
    def sees_results(self) -> bool:
        """Before they are published only those who run the exam, and the company's leaders, know
        what was entered.
        """
        return bool(self.may_read or self.exam.is_online or self.exam.published_at)

    def people(self, number) -> Page:
        """Everybody that the reader may see, with how they did."""
        page = self.first_page if number in (None, "", "1") else None
        if page is None:
            seats = self.seats.with_result(at=self.at).select_related("project")
            pages = NarrowPaginator(seats.order_by(*BY_NAME), PAGE_SIZE, first="project")
            page = pages.get_page(number)
        page.object_list = [(seat, self.state_of(seat)) for seat in page.object_list]
        return page

    @property
    def first_page(self) -> Page | None:
        """Of everybody, counted along with the rate; None where a page is left to be filled with
        people of no project.
        """
        if not self.reader.sees_company:
            return None
        pages = Paginator((), PAGE_SIZE)
        pages.count = self.rate.invited
        found = first_of(exam=self.exam.pk, until=self.at - GRACE)
        if len(found) < min(PAGE_SIZE, pages.count):
            return None
        page = pages.page(1)
        page.object_list = found
        return page

    def state_of(self, seat: Seat) -> State:
        if not self.sees_results:
            return Seat().state(None, exam=self.exam, is_over=False)
        return seat.state(seat.result, exam=self.exam, is_over=self.is_over)

    @cached_property
    def hardest(self) -> list[Hardness]:
        may_know = self.reader.has_perm("inspections.read_questions", self.exam.specialty)
        if not (self.exam.is_online and may_know):
            return []
        known = {"counts": self.counts, "questions": self.questions}
        return hardness(self.exam, at=self.at, **known)[:HARDEST]

    @cached_property
    def topics(self):
        if not self.hardest:
            return []
        return topics(self.exam, at=self.at, counts=self.counts, questions=self.questions)

    @cached_property
    def counts(self):
        return question_counts(self.exam, at=self.at, late=self.late)

    @cached_property
    def questions(self) -> dict[int, Question]:
        keys = [*self.counts]
        return Question.objects.in_bulk(keys) if len(keys) > 100 else by_key(with_keys(keys=keys))

    # --- moves -----------------------------------------------------------------------------

    @cached_property
    def state(self) -> State:
        return self.exam.state(at=self.at, unentered=self.rate.open)

    @cached_property
    def may_change(self) -> bool:
        return self.may_run and not self.exam.called_off_at and not is_begun(self.exam)

    @property
    def may_enter(self) -> bool:
        return self.may_run and self.is_entered

    @property
    def is_entered(self) -> bool:
        """Its results are written in by hand, from its first day on."""
        exam = self.exam
        return not exam.is_online and not exam.called_off_at and self.at >= exam.opens_at

    @property
    def may_publish(self) -> bool:
        ready = self.is_over and not self.exam.published_at and not self.exam.called_off_at
        return self.may_run and ready and (self.exam.is_online or not self.rate.open)

    @property
    def may_allow_again(self) -> bool:
        """Whether this reader may let those who failed sit it once more."""
        return self.may_run and self.exam.is_online and not self.is_over

    @property
    def shows_report(self) -> bool:
        return self.may_read and self.is_over and not self.exam.called_off_at

    @property
    def to_retake(self) -> int:
        return self.rate.failed + self.rate.absent if self.is_over else 0

    @property
    def answer(self) -> str:
        """The page's first line, for this reader."""
        exam = self.exam
        if exam.called_off_at:
            return _("考试已取消")
        if self.running:
            return _("您正在答题")
        if self.may_start:
            return _("可以开始考试了")
        if self.at < exam.opens_at:
            return _("%(when)s开始") % {"when": moment(exam.opens_at)}
        return self.mine_in_words if self.seat and not self.may_read else self.all_in_words

    @property
    def mine_in_words(self) -> str:
        if self.mine is not None:
            words = {"points": f"{self.mine.normalize():f}", "state": self.my_state}
            return _("%(points)s 分，%(state)s") % words
        if self.exam.is_online or self.exam.published_at:
            return str(self.my_state)
        return _("成绩还没有公布")

    @property
    def all_in_words(self) -> str:
        rate = self.rate
        if not self.sees_results:
            words = ngettext("%(count)d 人应考", "%(count)d 人应考", rate.invited)
            return words % {"count": rate.invited}
        if self.is_over and rate.open and not self.exam.is_online:
            words = ngettext("还有 %(count)d 人没有成绩", "还有 %(count)d 人没有成绩", rate.open)
            return words % {"count": rate.open}
        words = {"sat": rate.sat, "invited": rate.invited, "passed": rate.passed}
        return _("%(invited)d 人应考，%(sat)d 人考了，%(passed)d 人及格") % words
