"""Several obligations at once for a reviewer: each is the single move, and what fails is named."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaign.models import Obligation
from campaign.obligations import accept, send_back
from organization.errors import Conflict, Refused
from organization.models import User

MOST = 200


@dataclass
class Outcome:
    """What became of each; `wrong` are errors of what was typed, beside their field."""

    done: list[Obligation] = field(default_factory=list)
    refused: list[tuple[Obligation, Refused]] = field(default_factory=list)
    wrong: dict[str, list[str]] = field(default_factory=dict)
    words: str = ""

    @property
    def is_whole(self) -> bool:
        return not (self.refused or self.wrong)

    @property
    def is_conflict(self) -> bool:
        return any(isinstance(refusal, Conflict) for _each, refusal in self.refused)

    @property
    def left(self) -> set[int]:
        """What stays ticked."""
        return {each.pk for each, _refusal in self.refused}


def decide_many(
    seen: QuerySet[Obligation],
    revisions: dict[int, int],
    *,
    move: str,
    by: User,
    at: datetime,
    reason: str = "",
) -> Outcome:
    """Accept or return what was ticked (obligation -> revision seen), each in its transaction.

    `seen` is what the reviewer may see; one that somebody else decided meanwhile is among the
    refused. A return without a reason does nothing.
    """
    outcome = Outcome()
    if not revisions:
        outcome.wrong["chosen"] = [_("请先勾选任务。")]
    elif len(revisions) > MOST:
        outcome.wrong["chosen"] = [_("一次最多处理 %(most)d 项。") % {"most": MOST}]
    elif move == "return" and not reason.strip():
        outcome.wrong["reason"] = [_("请写明退回的理由。")]
    if outcome.wrong:
        return outcome
    for obligation in seen.filter(pk__in=revisions).with_all():
        revision = revisions[obligation.pk]
        try:
            decide(obligation, move=move, reason=reason, by=by, at=at, revision=revision)
        except Refused as refusal:
            outcome.refused.append((obligation, refusal))
        else:
            outcome.done.append(obligation)
    outcome.words = said(move, len(outcome.done))
    return outcome


def decide(obligation: Obligation, *, move: str, reason: str, by: User, at, revision: int) -> None:
    if obligation.is_waiting and not by.has_perm("campaign.accept", obligation):
        raise Refused(_("这项不由您审核。"), code="not_yours")
    if move == "return":
        send_back(obligation=obligation, reason=reason, by=by, at=at, revision=revision)
    else:
        accept(obligation=obligation, by=by, at=at, revision=revision)


def said(move: str, count: int) -> str:
    if not count:
        return ""
    if move == "return":
        words = ngettext("已退回 %(count)d 项任务。", "已退回 %(count)d 项任务。", count)
    else:
        words = ngettext("已通过 %(count)d 项任务。", "已通过 %(count)d 项任务。", count)
    return words % {"count": count}


def picked(ticks: list[str]) -> dict[int, int]:
    """Obligation -> the revision that its reviewer saw; anything else that was sent is nothing."""
    pairs = [tick.partition(":") for tick in ticks]
    return {int(pk): int(rev) for pk, _sep, rev in pairs if is_number(pk) and is_number(rev)}


def is_number(text: str) -> bool:
    """Digits that a key can have; longer ones would overflow the database's integers."""
    return text.isdecimal() and len(text) < 18
