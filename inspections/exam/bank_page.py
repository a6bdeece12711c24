"""A specialty's question bank as its page shows it; what stands in the address narrows it."""

from functools import cached_property

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from inspections.exam.words import QuestionKind
from organization.models import Specialty, User
from organization.specialties import every_specialty

PAGE_SIZE = 50
TABS = {"active": gettext_lazy("在用"), "retired": gettext_lazy("已停用")}
NO_TOPIC = "-"  # in the address: questions without a topic


class BankPage:
    def __init__(self, specialty: Specialty, reader: User, chosen: QueryDict):
        self.specialty, self.chosen = specialty, chosen
        self.tab = chosen.get("show") if chosen.get("show") in TABS else "active"
        self.kind = chosen.get("kind") if chosen.get("kind") in QuestionKind.values else ""
        self.topic, self.text = chosen.get("topic", ""), chosen.get("q", "").strip()
        self.may_write = reader.has_perm("inspections.write_questions", specialty)

    @cached_property
    def counts(self) -> dict[str, int]:
        retired = Q(retired_at__isnull=False)
        return self.specialty.questions.aggregate(
            active=Count("pk", filter=~retired), retired=Count("pk", filter=retired)
        )

    @property
    def tabs(self) -> list[tuple[str, object, int, bool]]:
        return [(code, word, self.counts[code], code == self.tab) for code, word in TABS.items()]

    @cached_property
    def topics(self) -> list[str]:
        return list(self.specialty.questions.active().by_topic())

    @cached_property
    def found(self):
        """The questions that are asked for, in the order of their topics."""
        held = self.specialty.questions
        found = held.retired() if self.tab == "retired" else held.active()
        if self.kind:
            found = found.filter(kind=self.kind)
        if self.topic:
            found = found.filter(topic="" if self.topic == NO_TOPIC else self.topic)
        return found.filter(text__icontains=self.text) if self.text else found

    def page(self) -> Page:
        return Paginator(self.found.with_use(), PAGE_SIZE).get_page(self.chosen.get("page"))

    @property
    def kinds(self):
        return QuestionKind.choices

    @property
    def answer(self) -> str:
        number = self.counts["active"]
        if not number:
            return _("%(specialty)s还没有题目") % {"specialty": self.specialty}
        words = ngettext(
            "%(specialty)s题库有 %(count)d 道题", "%(specialty)s题库有 %(count)d 道题", number
        )
        return words % {"specialty": self.specialty, "count": number}


def banks_of(user: User) -> list[Specialty]:
    """The specialties whose questions somebody may read; none for who may be asked them."""
    known = every_specialty() if user.sees_company else ()
    return [each for each in known if user.has_perm("inspections.read_questions", each)]
