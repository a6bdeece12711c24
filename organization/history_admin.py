"""The record of changes in the admin site: in words, to read, never to write."""

import re
from datetime import datetime

from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldDoesNotExist
from django.db.models import BooleanField
from django.utils.formats import localize
from django.utils.html import format_html_join
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from organization import states
from organization.admin_lists import LongList, WordsFilter
from organization.closed import rows_closed_to, tables_closed_to
from organization.field_words import WORDS
from organization.history import VERBS
from organization.models import HistoryEntry
from organization.record_words import NOTED, YES
from organization.states import State
from organization.templatetags.ui import actor, verb

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(\+\d\d:\d\d|Z)$")
# what a move says of a thing that no page shows as a state
MORE = {
    "called_off": _("已取消"),
    "closed": _("已关闭"),
    "finished": _("已结束"),
    "frozen": _("已定，不再变"),
    "gate_passed": _("已放行"),
    "gate_short": _("还缺材料"),
    "held": _("暂停登录"),
    "in_force": _("有效"),
    "in_use": _("在用"),
    "late": _("已迟"),
    "left_out": _("未收下"),
    "let_in": _("已收下"),
    "off": _("关"),
    "on": _("开"),
    "open": _("进行中"),
    "overdue": _("已逾期"),
    "partly": _("部分答对"),
    "removed": _("已删除"),
    "retired": _("已停用"),
    "revoked": _("已作废"),
    "right": _("答对"),
    "set_up": _("设置中"),
    "standing": _("有效"),
    "taken_back": _("已收回"),
    "unanswered": _("未回答"),
    "unpublished": _("未公布"),
    "withdrawn": _("已撤回"),
    "written": _("已写"),
    "wrong": _("答错"),
}
STATES = MORE | {state.code: state for state in vars(states).values() if isinstance(state, State)}


class VerbFilter(WordsFilter):
    title, parameter_name = _("动作"), "verb"

    @classmethod
    def ordered(cls):
        return sorted(VERBS.items(), key=lambda pair: str(pair[1]))


@admin.register(HistoryEntry)
class HistoryAdmin(LongList, admin.ModelAdmin):
    list_display = [
        "at", "who", "move", "subject_label", "was", "became", "reason", "way", "via",
    ]  # fmt: skip
    list_filter = [VerbFilter, "way"]
    ordering = None  # the record's own, which has an index
    list_select_related = ["by", "content_type"]
    search_fields = ["subject_label", "reason", "by__username", "by__name"]
    date_hierarchy = "at"
    opens_alike = True
    fields = [
        "at", "who", "move", "kind", "subject_label", "was", "became", "reason", "details", "way",
        "via", "address",
    ]  # fmt: skip
    readonly_fields = ["who", "move", "kind", "was", "became", "details"]

    def get_queryset(self, request):
        """Of what this reader may not see, here or on the pages, the record stays closed too."""
        rows = super().get_queryset(request)
        kinds, things = self.seen_alike(request)
        if kinds:
            rows = rows.exclude(content_type__in=kinds)
        for kind, keys in things:
            rows = rows.exclude(content_type=kind, object_id__in=keys)
        return rows

    def seen_alike(self, request) -> tuple[tuple, tuple]:
        """The kinds of things, by their ids, of which this reader sees no record, and single
        things of other kinds.
        """
        lists = self.admin_site._registry.items()
        kept = [model for model, site in lists if not site.has_view_permission(request)]
        kept += tables_closed_to(request.user)
        kinds = ContentType.objects.get_for_models(*kept).values() if kept else ()
        kind_of = ContentType.objects.get_for_model
        things = tuple(
            (kind_of(model).pk, tuple(map(str, keys)))
            for model, keys in rows_closed_to(request.user)
        )
        return tuple(sorted(kind.pk for kind in kinds)), things

    @admin.display(description=_("操作人"))
    def who(self, entry):
        return actor(entry)

    @admin.display(description=_("动作"))
    def move(self, entry):
        return verb(entry)

    @admin.display(description=_("类型"))
    def kind(self, entry):
        model = entry.content_type.model_class()
        return model._meta.verbose_name if model else entry.content_type.model

    @admin.display(description=_("原状态"))
    def was(self, entry):
        return state_word(entry, entry.before)

    @admin.display(description=_("新状态"))
    def became(self, entry):
        return state_word(entry, entry.after)

    @admin.display(description=_("细节"))
    def details(self, entry):
        return details_of(entry)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


def state_word(entry: HistoryEntry, code: str) -> str:
    """As the thing's own choices say it, else as the pages do, else as it stands."""
    model = entry.content_type.model_class()
    for field in model._meta.concrete_fields if model and code else ():
        if field.choices and code in (words := dict(field.flatchoices)):
            return str(words[code])
    return str(STATES.get(code, code))


def details_of(entry: HistoryEntry) -> str:
    """A line for each field that changed, from what to what, and for whatever else is noted."""
    noted = dict(entry.detail or {})
    lines = [
        (field_word(entry, name), " → ".join(value_word(entry, name, value) for value in pair))
        for name, pair in noted.pop("changes", {}).items()
    ]
    lines += [(field_word(entry, name), said(entry, value)) for name, value in noted.items()]
    return format_html_join("", "<div>{}: {}</div>", lines)


def field_of(entry: HistoryEntry, name: str):
    model = entry.content_type.model_class()
    try:
        return model and model._meta.get_field(name)
    except FieldDoesNotExist:
        return None


def value_word(entry: HistoryEntry, name: str, value) -> str:
    """What a column held, noted as text: yes, no and choices as a form calls them."""
    field = field_of(entry, name)
    if isinstance(field, BooleanField):
        value = {"True": True, "False": False}.get(value, value)
    return said(entry, dict(getattr(field, "flatchoices", ())).get(value, value))


def field_word(entry: HistoryEntry, name: str) -> str:
    """As the thing's own column is called, else as the record's words call it."""
    own = getattr(field_of(entry, name), "verbose_name", "")
    words = (NOTED.get(f"{entry.verb}.{name}"), own, NOTED.get(name), WORDS.get(name), name)
    return str(next(filter(None, words)))


def said(entry: HistoryEntry, value) -> str:
    if isinstance(value, dict):
        pairs = value.items()
        return ", ".join(f"{field_word(entry, name)} {said(entry, each)}" for name, each in pairs)
    if isinstance(value, list):
        return ", ".join(said(entry, each) for each in value) or "—"
    if isinstance(value, bool):
        return str(YES[value])
    return "—" if value in ("", None) else in_the_readers_time(str(value))


def in_the_readers_time(text: str) -> str:
    """Moments are noted in UTC; everything else is given as it stands."""
    try:
        at = datetime.fromisoformat(text) if MOMENT.match(text) else None
    except ValueError:
        at = None
    return localize(localtime(at)) if at else text
