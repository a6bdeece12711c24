"""What a person has to decide before a settlement goes on: found, kept, answered, paid."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign.models import Campaign
from campaign.seals import seal
from organization.bulk import insert
from organization.errors import Refused
from organization.history import record_each
from organization.models import Project, User
from organization.prepared import prepared
from organization.roles import PROJECT_ROLES
from rewards.adjustments import open_one
from rewards.models import Answer, Award, Case, CaseKind, Settlement
from rewards.reckoning import Found, Reckoning
from rewards.rules import Outcome, Terms, final_standings, terms_of

VERBS = {"decide_case": gettext_lazy("决定待定情况")}
FACTS = ("band", "composite", "amount", "since", "until", "was")
FIELDS = ("kind", "project", "person", "role", "department", *FACTS)
UNDECIDED = {
    "answer": "", "paid_to": None, "to_project": None, "to_role": "", "reason": "",
    "decided_at": None, "decided_by": None,
}  # fmt: skip
Line = tuple[Outcome, Case | None]
NAMED = 5


# --- listing -------------------------------------------------------------------------------


def list_cases(settlement: Settlement, reckoned: Reckoning, *, at: datetime) -> list[Case]:
    """Keep what was found; returns the rows that are new or other than before.

    A case whose facts have changed is undecided again; one that is none any more stays on record.
    """
    kept = {case.key: case for case in settlement.cases.all()}
    found = {each.key: each for each in reckoned.cases}
    new = [case_of(settlement, each) for key, each in found.items() if key not in kept]
    changed = [case for key, case in kept.items() if bring_up_to_date(case, found.get(key), at)]
    Case.objects.bulk_create(new)
    names = [*FACTS, "gone_at", *UNDECIDED]
    Case.objects.bulk_update(changed, names, batch_size=500)
    return new + changed


def case_of(settlement: Settlement, found: Found) -> Case:
    values = {name: getattr(found, name) for name in FIELDS}
    person = values.pop("person")
    return Case(settlement=settlement, key=found.key, person_id=person and person.pk, **values)


def bring_up_to_date(case: Case, found: Found | None, at: datetime) -> bool:
    """Whether the row says something else now."""
    if found is None:
        is_news, case.gone_at = case.gone_at is None, case.gone_at or at
        return is_news
    if case.gone_at is None and facts_of(case) == found.facts:
        return False
    case.gone_at = None
    for name, value in [*zip(FACTS, found.facts, strict=True), *UNDECIDED.items()]:
        setattr(case, name, value)
    return True


def facts_of(case: Case) -> tuple:
    return tuple(getattr(case, name) for name in FACTS)


def same_cases(settlement: Settlement, reckoned: Reckoning) -> bool:
    kept = {case.key: facts_of(case) for case in settlement.cases.live()}
    return kept == {each.key: each.facts for each in reckoned.cases}


def seal_cases(campaign: Campaign, cases: Sequence[Case], *, at: datetime) -> None:
    if cases:
        seal(campaign, "case", about=",".join(str(case.pk) for case in cases), at=at)


# --- what a decision pays ------------------------------------------------------------------


def lines_of(settlement: Settlement, reckoned: Reckoning) -> list[Line]:
    """Everything the list says: what is certain, and what was decided about the rest.

    One person has one outcome in a project (ruling 10): a decision in favour of somebody who has
    one by now pays nothing, see `ask_again`.
    """
    lines: list[Line] = [(outcome, None) for outcome in reckoned.certain]
    if not (decided := list(of_list(settlement).decided())):
        return lines
    standings = {each.project_id: each for each in final_standings(settlement.campaign)}
    terms = terms_of(settlement.campaign)
    taken = {(outcome.project.pk, outcome.person.pk) for outcome, _ in lines if outcome.person}
    for case in decided:
        outcome = outcome_of(case, standings, terms)
        if outcome and (outcome.project.pk, outcome.person.pk) not in taken:
            taken.add((outcome.project.pk, outcome.person.pk))
            lines.append((outcome, case))
    return lines


def of_list(settlement: Settlement):
    return settlement.cases.select_related("project", "person", "paid_to", "to_project")


def ask_again(settlement: Settlement, lines: Sequence[Line]) -> list[Case]:
    """Undo decisions that pay nothing any more, since whoever they name has an outcome by now."""
    paid = {case.pk for _outcome, case in lines if case}
    decided = settlement.cases.decided().exclude(answer=Answer.NOTHING)
    undone = [case for case in decided if case.pk not in paid]
    for case in undone:
        for name, value in UNDECIDED.items():
            setattr(case, name, value)
    Case.objects.bulk_update(undone, list(UNDECIDED), batch_size=500)
    return undone


def case_counts(settlement: Settlement) -> dict[str, int]:
    """How many are open, decided, and both."""
    is_open, every = next(iter(numbers_of(settlement=settlement.pk)), (0, 0))
    return {"open": is_open, "all": every, "decided": every - is_open}


def counted(*, settlement):
    found = Case.objects.live().filter(settlement__pk=settlement).order_by().values("settlement")
    found = found.annotate(open=Count("pk", filter=Q(answer="")), every=Count("pk"))
    return found.values_list("open", "every")


numbers_of = prepared(counted, {"settlement": Settlement._meta.pk})


def outcome_of(case: Case, standings: dict, terms: Terms) -> Outcome | None:
    """What a decided case pays; None for nothing."""
    person = case.paid_to if case.answer == Answer.OTHER else case.person
    if case.answer in ("", Answer.NOTHING) or person is None:
        return None
    if case.kind != CaseKind.NO_POST:
        return Outcome(case.project, person, case.role, case.band, case.composite, case.amount)
    standing = standings.get(case.to_project_id)
    band = terms.band_of(standing) if standing else ""
    if not (amount := terms.amounts.get((band, case.to_role))):
        return None
    return Outcome(case.to_project, person, case.to_role, band, standing.composite, amount)


AWARD = (
    "settlement", "project", "person", "role", "band", "composite", "amount", "other_roles", "case",
)  # fmt: skip


def write_awards(settlement: Settlement, lines: Sequence[Line]) -> None:
    """Put everything on the list, in one statement for any number."""
    insert(Award, AWARD, (values_of(settlement, *line) for line in lines))


def values_of(settlement: Settlement, outcome: Outcome, case: Case | None = None) -> tuple:
    """In the order of AWARD; things by their ids."""
    return (
        settlement.pk, outcome.project.pk, outcome.person and outcome.person.pk, outcome.role,
        outcome.band, outcome.composite, outcome.amount, list(outcome.others), case and case.pk,
    )  # fmt: skip


def decision_note(case: Case) -> str:
    """What stands beside an amount that was decided, wherever it is read."""
    words = {"kind": case.get_kind_display(), "reason": case.reason}
    return _("%(kind)s，按决定计：%(reason)s") % words


# --- deciding ------------------------------------------------------------------------------


@transaction.atomic
def decide_cases(
    *,
    settlement: Settlement,
    cases: Sequence[Case],
    answer: str,
    reason: str,
    by,
    at: datetime,
    paid_to: User | None = None,
    to_project: Project | None = None,
    to_role: str = "",
) -> list[Case]:
    """Say of cases whether what the rule gives is paid, and to whom; all of them or none.

    `paid_to` only with OTHER. A person without a post is paid as `to_role` in `to_project`. May be
    said anew until the list is submitted. Leaves one record for each case. Raises Refused without
    a reason, for an answer that a case can't have, and where whoever would be paid has an outcome
    in the project already (ruling 10).
    """
    settlement = open_one(settlement)
    if not reason.strip():
        raise Refused(_("请写明决定的理由。"), code="reason")
    asked = of_list(settlement).live().filter(pk__in=[case.pk for case in cases])
    chosen = list(asked.select_for_update(of=("self",)).order_by("pk"))
    if not chosen:
        raise Refused(_("请先选择要决定的情况。"), code="cases")
    settlement.awards.filter(case__in=chosen).delete()
    standings = {}
    if to_project:
        rows = final_standings(settlement.campaign, [to_project])
        standings = {each.project_id: each for each in rows}
    terms = terms_of(settlement.campaign)
    for case in chosen:
        case.answer, case.reason = answer, reason.strip()
        case.paid_to = paid_to if answer == Answer.OTHER else None
        goes_to_place = case.kind == CaseKind.NO_POST and answer == Answer.PAY
        case.to_project, case.to_role = (to_project, to_role) if goes_to_place else (None, "")
        case.decided_at, case.decided_by = at, None if isinstance(by, str) else by
        check_answer(case)
        pay(settlement, case, outcome_of(case, standings, terms))
    Case.objects.bulk_update(chosen, list(UNDECIDED))
    on_record(settlement, chosen, by, at)
    seal(settlement.campaign, "awards", about=str(settlement.pk), at=at)
    seal_cases(settlement.campaign, chosen, at=at)
    return chosen


def check_answer(case: Case) -> None:
    """Raises Refused for an answer that says too little for its case."""
    if case.answer not in Answer.values:
        raise Refused(_("请选择怎么处理。"), code="answer")
    if case.answer == Answer.OTHER and case.paid_to is None:
        raise Refused(_("请写明计给谁（用户名）。"), code="paid_to")
    if case.kind == CaseKind.VACANT and case.answer == Answer.PAY:
        raise Refused(_("空岗没有人可计：选“不计”，或写明计给谁。"), code="answer")
    if case.kind != CaseKind.NO_POST:
        return
    if case.answer == Answer.OTHER:
        raise Refused(_("没有岗位的人只能“按标准计”到某个项目的岗位，或“不计”。"), code="answer")
    is_placed = case.to_project and case.to_role in PROJECT_ROLES
    if case.answer == Answer.PAY and not is_placed:
        raise Refused(_("请写明按哪个项目的什么岗位计。"), code="to_project")


def pay(settlement: Settlement, case: Case, outcome: Outcome | None) -> None:
    """Put the line on the list that the decision gives, if it gives one."""
    if outcome is None:
        if case.answer != Answer.NOTHING:
            raise Refused(
                _("该项目没有定等级，或这个等级对该岗位没有标准；要另给，请加一笔人工调整。"),
                code="to_project",
            )
        return
    if settlement.awards.filter(project=outcome.project, person=outcome.person).exists():
        words = {"person": outcome.person, "project": outcome.project}
        raise Refused(
            _("%(person)s在%(project)s已经有一份奖惩（一人只计一次）；要另给，请加一笔人工调整。")
            % words,
            code="paid_to",
        )
    write_awards(settlement, [(outcome, case)])


def on_record(settlement: Settlement, cases: Sequence[Case], by, at: datetime) -> None:
    details = [
        {
            "answer": case.answer,
            "case": case.key,
            "about": str(case),
            "paid_to": case.paid_to.username if case.paid_to else "",
            "place": f"{case.to_project.code} {case.to_role}" if case.to_project else "",
        }
        for case in cases
    ]
    reason = cases[0].reason  # one for all of them
    record_each(
        on=[settlement] * len(cases),
        verb="decide_case",
        by=by,
        at=at,
        details=details,
        reason=reason,
    )


def require_decided(settlement: Settlement) -> None:
    """Raises Refused while a case is undecided, with the names of the first of them."""
    waiting = of_list(settlement).undecided()
    if not (count := waiting.count()):
        return
    names = [str(case) for case in waiting[:NAMED]] + (["…"] if count > NAMED else [])
    raise Refused(
        _("还有 %(count)d 个情况要先决定：%(names)s。")
        % {"count": count, "names": _("、").join(names)},
        code="cases",
    )
