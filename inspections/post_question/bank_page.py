"""The bank of post questions as its page shows it; what stands in the address narrows it."""

from functools import cached_property

from django.core.paginator import Page, Paginator
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from inspections.models import PostQuestion
from inspections.post_question.words import ROLES
from organization.models import Specialty, User
from organization.specialties import every_specialty

PAGE_SIZE = 50
TABS = {"active": gettext_lazy("在用"), "retired": gettext_lazy("已停用")}


class PostBank:
    def __init__(self, reader: User, chosen: QueryDict):
        self.tab = chosen.get("show") if chosen.get("show") in TABS else "active"
        self.specialty, self.role = chosen.get("specialty", ""), chosen.get("role", "")
        self.text, self.number = chosen.get("q", "").strip(), chosen.get("page")
        self.may_write = reader.has_perm("inspections.write_post_questions")

    @property
    def tabs(self) -> list[tuple[str, object, bool]]:
        return [(code, word, code == self.tab) for code, word in TABS.items()]

    @cached_property
    def specialties(self) -> list[Specialty]:
        return every_specialty()

    @property
    def roles(self) -> list[tuple[str, object]]:
        return [(role.value, role.label) for role in ROLES]

    @cached_property
    def found(self):
        """The questions that are asked for, post by post."""
        held = PostQuestion.objects.select_related("specialty")
        found = held.retired() if self.tab == "retired" else held.active()
        if self.specialty:
            found = found.filter(specialty__code=self.specialty)
        if self.role:
            found = found.filter(role=self.role)
        words = Q(text_zh__icontains=self.text) | Q(text_en__icontains=self.text)
        return found.filter(words) if self.text else found

    @cached_property
    def page(self) -> Page:
        return Paginator(self.found.with_use(), PAGE_SIZE).get_page(self.number)

    @cached_property
    def by_post(self) -> dict[tuple[int, str], int]:
        return PostQuestion.objects.by_post()

    @property
    def is_narrowed(self) -> bool:
        return bool(self.specialty or self.role or self.text or self.tab != "active")

    @property
    def answer(self) -> str:
        number = sum(self.by_post.values())
        if not number:
            return _("还没有岗位询问题")
        words = ngettext(
            "%(posts)d 个岗位共 %(count)d 道询问题",
            "%(posts)d 个岗位共 %(count)d 道询问题",
            number,
        )
        return words % {"count": number, "posts": len(self.by_post)}
