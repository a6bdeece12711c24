"""One edit of something that saves itself while it is written: what changed, on top of what."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from campaign.models import Campaign
from inspections.plan.lines import first_day
from organization.errors import Conflict, Refused
from organization.history import record
from organization.models import User


def tidied(value: Any) -> Any:
    """Texts without the blanks around them, with the line ends that are stored."""
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else value


def differing(thing, changes: Mapping[str, Any], fields: tuple[str, ...]) -> dict[str, Any]:
    """What the changes really change; anything that is no field of the thing is an error."""
    unknown = set(changes) - set(fields)
    if unknown:
        raise TypeError(f"not fields: {', '.join(sorted(unknown))}")
    wanted = {name: tidied(value) for name, value in changes.items()}
    return {name: value for name, value in wanted.items() if getattr(thing, name) != value}


def require_newest(thing, revision: int | None) -> None:
    """A page older than the thing is shown both versions."""
    if revision not in (None, thing.revision):
        raise Conflict(_("刚被别人改过。两个版本都在下面，请逐项选。"), theirs=thing)


def put(thing, changed: Mapping[str, Any], *, verb: str, by, at: datetime, **more: Any) -> None:
    """Write the changed fields with the next revision, and what they said before on record."""
    old = {name: str(getattr(thing, name) or "") for name in changed}
    for name, value in (changed | more).items():
        setattr(thing, name, value)
    thing.revision += 1
    thing.save(update_fields=[*changed, *more, "revision"])
    new = {name: str(value or "") for name, value in changed.items()}
    record(on=thing, verb=verb, by=by, at=at, old=old, new=new)


def require_day_inside(campaign: Campaign, day: date | None, field: str) -> None:
    """A day before the campaign began is a slip; any later one is the writer's business."""
    start = first_day(campaign)
    if day is None or start is None or day >= start:
        return
    message = _("日期早于专项工作的第一天（%(day)s），请改一个日期。") % {
        "day": date_format(start, "DATE_FORMAT")
    }
    raise Refused(message, code=f"bad_{field}", field=field)


def require_here(person: User | None, field: str) -> None:
    """Only who works here today can be made responsible for something new."""
    if person is None or (person.is_active and person.posts.current().exists()):
        return
    message = _("%(person)s已离开，请另选一个人。") % {"person": person}
    raise Refused(message, code=f"bad_{field}", field=field)
