"""The one door through which changes are put on record."""

from collections.abc import Sequence

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext_lazy as _

from organization.bulk import insert
from organization.models import HistoryEntry
from organization.origin import origin
from organization.prepared import prepared

# What a page calls a verb. Every verb that `record` is given stands here.
VERBS: dict[str, object] = {}
# What a page calls it where nobody who was signed in acted.
ACTORS = {
    "command": _("命令行"),
    "schedule": _("系统定时"),
    "template": _("方案模板"),
    "sign_in": _("登录页"),
}
FIELDS = (
    "content_type", "object_id", "subject_label", "verb", "by", "by_label", "at",
    "before", "after", "reason", "detail", "way", "via", "address",
)  # fmt: skip


def name_verbs(verbs: dict[str, object]) -> None:
    """Each app names its own verbs once, in its AppConfig.ready()."""
    VERBS.update(verbs)


def record(
    *, on, verb: str, by, at, before: str = "", after: str = "", reason: str = "", **detail
) -> HistoryEntry:
    """Put one change on record, inside the caller's transaction, with where it comes from.

    `by` is a person, or a word such as "command" where nobody signed in acted.
    """
    person, came = None if isinstance(by, str) else by, origin()
    return HistoryEntry.objects.create(
        content_type=ContentType.objects.get_for_model(on),
        object_id=str(on.pk),
        subject_label=str(on)[:200],
        verb=verb,
        by=person,
        by_label="" if person else by,
        at=at,
        before=before,
        after=after,
        reason=reason,
        detail=detail,
        way=came.way,
        via=came.via,
        address=came.address,
    )


def record_each(
    *,
    on: Sequence,
    verb: str,
    by,
    at,
    details: Sequence[dict],
    reason: str = "",
    states: Sequence[tuple[str, str]] | None = None,
) -> None:
    """Put the same change of many objects of one model on record, one record each; `states` are
    what each was before and is after.
    """
    if not on:
        return
    kind = ContentType.objects.get_for_model(on[0])
    person, label = (None, by) if isinstance(by, str) else (by.pk, "")
    came = origin()
    insert(
        HistoryEntry,
        FIELDS,
        (
            (
                kind.pk,
                str(each.pk),
                str(each)[:200],
                verb,
                person,
                label,
                at,
                before,
                after,
                reason,
                detail,
                came.way,
                came.via,
                came.address,
            )
            for each, detail, (before, after) in zip(
                on, details, states or [("", "")] * len(on), strict=True
            )
        ),
    )


def history_of(on):
    """What happened to one object, newest first, with the people."""
    return HistoryEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(on), object_id=str(on.pk)
    ).select_related("by")


def story_of(on, most: int | None = None) -> list[HistoryEntry]:
    """The same, the last `most` of it, as half the pages end with it: put into SQL once."""
    kind = ContentType.objects.get_for_model(on)
    return happened(kind=kind.pk, key=str(on.pk), most=most)


def last_of(on, verb: str) -> HistoryEntry | None:
    """The last of one verb that happened to one object, with the person."""
    kind = ContentType.objects.get_for_model(on)
    return next(iter(happened(kind=kind.pk, key=str(on.pk), most=1, verb=verb)), None)


def happened_to(*, kind, key, most: int | None, verb: str = ""):
    found = HistoryEntry.objects.filter(content_type__pk=kind, object_id=key)
    if verb:
        found = found.filter(verb=verb)
    return found.select_related("by")[:most]


happened = prepared(
    happened_to,
    {"kind": ContentType._meta.pk, "key": HistoryEntry._meta.get_field("object_id")},
)
