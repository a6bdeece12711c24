"""A revision's line beside the finding in force that it amends: what it changes, and what it may.

What the revision did not touch follows the finding, however that one moves on meanwhile (an
extension of its due date, another person responsible), so that filing undoes nothing.
"""

from typing import Any

from django.utils.translation import gettext as _

from inspections.models import Finding, PlanRevision

FIELDS = Finding.REQUIRED
COPIED = (*FIELDS, "requirement_id", "observation", "origin_id", "position")


def as_text(finding: Finding, name: str) -> str:
    """A field's value as it is compared and kept."""
    return str(getattr(finding, finding.key_of(name)) or "")


def amendment(finding: Finding, revision: PlanRevision) -> Finding:
    """The line, not stored yet, in which a revision changes a finding in force."""
    return Finding(
        campaign_id=finding.campaign_id,
        project_id=finding.project_id,
        draft_of=revision,
        amends=finding,
        base={name: as_text(finding, name) for name in FIELDS},
        created_at=revision.begun_at,
        created_by=revision.begun_by,
        **{name: getattr(finding, name) for name in COPIED},
    )


def catch_up(line: Finding) -> Finding:
    """Let every field that the revision did not touch say what is in force now."""
    for name in FIELDS if line.amends_id else ():
        now = as_text(line.amends, name)
        if as_text(line, name) == line.base[name] != now:
            setattr(line, name, getattr(line.amends, name))
            line.base[name] = now
    return line


def amended(line: Finding) -> dict[str, Any]:
    """The fields that the revision changes, with their new values."""
    return {name: getattr(line, name) for name in FIELDS if as_text(line, name) != line.base[name]}


def is_settled(line: Finding) -> bool:
    """The finding that it amends is rectified: its problem stays, and so does it."""
    live = line.amends if line.amends_id else None
    return bool(live and (live.rectified_at or live.verified_at))


def bar(line: Finding, *, problem: bool, gone: bool) -> str:
    """Why a rectified finding's problem can't be changed, nor the finding withdrawn."""
    if not is_settled(line):
        return ""
    if gone:
        return _("已经整改，不能撤销")
    return _("已经整改，不能再改问题") if problem else ""


def standing_bar(line: Finding) -> str:
    """The same of a line as it stands."""
    if not line.amends_id:
        return ""
    changed = as_text(line, "problem") != line.base["problem"]
    return bar(line, problem=changed, gone=bool(line.withdrawn_at))
