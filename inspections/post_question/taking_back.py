"""What a wrong answer cost, when the answer is corrected: a right one gives the points back."""

from datetime import datetime

from inspections.models import PostAnswer, VisitObservation
from inspections.sheet.observations import withdraw
from organization.errors import Refused
from organization.history import record
from organization.models import User


def points_of(answer: PostAnswer) -> VisitObservation | None:
    """The deduction that stands for an answer, or for one that it corrects."""
    chain = [answer.pk]
    while answer.replaces_id:
        answer = answer.replaces
        chain.append(answer.pk)
    found = VisitObservation.objects.filter(answer__in=chain, observation__withdrawal=None)
    return found.select_related("observation__sheet", "observation__by").first()


def give_points_back(*, answer: PostAnswer, by: User, at: datetime) -> bool:
    """Withdraw, through the ledger, what an answer cost before it was corrected. Whether it did:
    not where nothing stands. Leaves one record on the visit. Raises Refused as `withdraw` does,
    for somebody else's deduction and for a sheet that was submitted.
    """
    source = points_of(answer)
    if source is None:
        return False
    withdrawal = withdraw(observation=source.observation, by=by, at=at)
    facts = {"answer": str(answer.pk), "observation": str(source.observation_id)}
    facts |= {"withdrawal": str(withdrawal.pk)}
    record(on=source.visit, verb="withdraw_post_answer", by=by, at=at, **facts)
    return True


def take_back_if_right(answer: PostAnswer, *, by: User, at: datetime) -> None:
    """As part of a correction to "right". Where the points are not this person's to withdraw the
    correction stands all the same, and its page says that they stand.
    """
    if answer.replaces_id is None or answer.is_wanting:
        return
    try:
        give_points_back(answer=answer, by=by, at=at)
    except Refused:
        return
