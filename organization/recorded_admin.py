"""What is written by hand in the admin site is on record like every other move."""

from collections.abc import Callable, Iterator
from functools import cache

from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import transaction
from django.db.models import (
    PROTECT,
    RESTRICT,
    Func,
    IntegerField,
    Model,
    QuerySet,
    Subquery,
)
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from organization.history import record, record_each
from organization.lists import in_words
from organization.prepared import prepared

VERBS = {
    "admin_add": _("在系统管理中新增"),
    "admin_change": _("在系统管理中修改"),
    "admin_delete": _("在系统管理中删除"),
}
# That they changed is enough for a record.
SECRET = {"password", "password1", "password2", "usable_password"}


class RecordedAdmin:
    """One record for each object that a form, an inline or a deletion writes; a form that changes
    nothing writes nothing.
    """

    def save_model(self, request, obj, form, change):
        if change and not form.changed_data:
            return
        was = stored(obj) if change else {}
        super().save_model(request, obj, form, change)
        written(obj, form.changed_data, was, request)

    def save_formset(self, request, form, formset, change):
        """Deleted rows go on record first, while they can still be named."""
        for each in formset.deleted_forms if formset.can_delete else ():
            if each.instance.pk:
                on_record(each.instance, "admin_delete", request, {"was": stored(each.instance)})
        was = {each.instance: stored(each.instance) for each in formset.initial_forms}
        fields = {id(each.instance): each.changed_data for each in formset.forms}
        super().save_formset(request, form, formset, change)
        for thing in formset.new_objects:
            written(thing, fields[id(thing)], {}, request)
        for thing, changed in formset.changed_objects:
            written(thing, changed, was[thing], request)

    def get_deleted_objects(self, objs, request):
        """What keeps things from being deleted is counted: to name it, Django would read all of
        it, minutes where a specialty has 40,000 sheets.
        """
        kept = [f"{words}: {number}" for words, number in keeping(objs)]
        if not kept:
            return super().get_deleted_objects(objs, request)
        if len(objs) > 1:
            kept.append(still_needed(objs))
        return [str(each) for each in objs], {}, set(), kept

    def delete_model(self, request, obj):
        on_record(obj, "admin_delete", request, {"was": stored(obj)})
        super().delete_model(request, obj)

    @transaction.atomic
    def delete_queryset(self, request, queryset):
        things = list(queryset)
        was = [{"was": values_of(thing)} for thing in things]
        record_each(on=things, verb="admin_delete", by=request.user, at=timezone.now(), details=was)
        super().delete_queryset(request, queryset)

    def changelist_view(self, request, extra_context=None):
        """A page that asks again names all things in one field: a form may have 5,000 fields."""
        if request.method == "POST" and ACTION_CHECKBOX_NAME in request.POST:
            sent = request.POST.copy()
            named = ",".join(sent.getlist(ACTION_CHECKBOX_NAME))
            sent.setlist(ACTION_CHECKBOX_NAME, named.split(","))
            request.POST = sent
        return super().changelist_view(request, extra_context)


MOST_NAMED = 10  # of those that can't be deleted
FEW = 100  # things at once; of more each way to them is asked for by itself: a statement holds
# 65,535 values at most, and names each thing once for every way


def keeping(objs) -> Iterator[tuple[str, int]]:
    """Of what leads to these and protects them how much there is, by what it is called."""
    things = [each.pk for each in objs]
    model = type(objs[0]) if things else None
    every = leading_to(model) if things else []
    if len(things) > FEW:
        found = [[kept_by(each, things).count() for each in every]]
    else:
        found = kept_of(model)(things=things) if every else []
    for leading, number in zip(every, *found, strict=True) if found else ():
        if number:
            yield leading.related_model._meta.verbose_name_plural, number


def still_needed(objs) -> str:
    """Which of several things those are that something keeps: how many, and the first by name."""
    things = [each.pk for each in objs]
    needed = set()
    for leading in leading_to(type(objs[0])):
        found = kept_by(leading, things).order_by()
        needed.update(found.values_list(f"{leading.field.name}__pk", flat=True).distinct())
    names = [str(each) for each in objs if each.pk in needed]
    more = ["…"] if len(names) > MOST_NAMED else []
    said = ngettext(
        "选中的有 %(number)d 个还要用到：%(names)s",
        "选中的有 %(number)d 个还要用到：%(names)s",
        len(names),
    )
    told = _("、").join([*names[:MOST_NAMED], *more])
    return said % {"number": len(names), "names": told}


def leading_to(model: type[Model]) -> list:
    every = model._meta.related_objects
    return [each for each in every if each.on_delete in (PROTECT, RESTRICT)]


def kept_by(leading, things) -> QuerySet:
    return leading.related_model._base_manager.filter(**{f"{leading.field.name}__pk__in": things})


@cache
def kept_of(model: type[Model]) -> Callable[..., list]:
    """One row with how much there is of each of those, as columns of one query."""

    def counted(*, things) -> QuerySet:
        # of rows, not of ids: that much an index knows by itself
        number = Func(template="COUNT(*)", output_field=IntegerField())
        counts = {}
        for place, each in enumerate(leading_to(model)):
            rows = kept_by(each, things)
            counts[f"kept_{place}"] = Subquery(
                rows.order_by().annotate(kept_of_it=number).values("kept_of_it")
            )
        one = QuerySet(model).filter(pk__in=things[:1]).order_by()
        return one.annotate(**counts).values_list(*counts)

    return prepared(counted, {"things": model._meta.pk})


def written(thing, fields, was: dict, request) -> None:
    """Each field that a form changed, with what stood there before; nothing where none did."""
    own = {field.name for field in thing._meta.concrete_fields}
    now = values_of(thing)
    changes = {
        name: [was.get(name, ""), now.get(name, "")]
        for name in fields
        if name in own or name in SECRET
    }
    if changes or not was:
        verb = "admin_change" if was else "admin_add"
        on_record(thing, verb, request, {"changes": changes})


def on_record(thing, verb: str, request, detail: dict) -> None:
    record(on=thing, verb=verb, by=request.user, at=timezone.now(), **detail)


def stored(thing) -> dict:
    """What the database says of it, before a form writes; {} for what is not there."""
    found = type(thing)._base_manager.filter(pk=thing.pk).first()
    return values_of(found) if found else {}


def values_of(thing) -> dict:
    """Its fields as words, people and things by their ids; secrets are left out."""
    return {
        field.name: in_words(getattr(thing, field.attname))
        for field in thing._meta.concrete_fields
        if field.name not in SECRET
    }
