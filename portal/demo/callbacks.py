"""Call-backs: a list of invented customers, one visit that is over and one under way."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from django.conf import settings
from django.core.files.base import ContentFile

from inspections.audit_visit.carrying_out import finish_visit, start_visit
from inspections.audit_visit.changes import add_visit
from inspections.callback.calls import Said, record_call
from inspections.callback.customer_list import CUSTOMERS
from inspections.callback.customers import confirm_customers, keep_customers
from inspections.callback.questionnaire import USUAL, Asked, write_questionnaire
from inspections.callback.sampling import draw_customers
from inspections.callback.words import CallOutcome, CustomerKind
from inspections.models import CallbackSample, Callee
from inspections.words import Method
from organization.clock import local_day
from organization.list_file import text_of
from organization.models import Project
from portal.demo.audit import uuid
from portal.demo.content import texts
from portal.demo.story import Story, Thread

# Nobody's numbers: 199 0000 00xx.
NUMBER, CUSTOMERS_EACH, A_CALL = "1990000{:04}", 24, timedelta(minutes=4)
GRADES = (5, 5, 4, 4, 4, 3, 3, 2)
KINDS = (CustomerKind.OWNER, CustomerKind.OWNER, CustomerKind.TENANT, CustomerKind.COMMERCIAL)
# When each visit begins, as a share of the inspection, and how many calls are made on it.
VISITS = ((0.12, 10), (0.5, 4))


def callbacks(story: Story) -> Iterator[Thread]:
    if settings.EMBEDDED or settings.CHANNEL_KEYS:  # without keys no customer is kept
        yield prepare(story)


def prepare(story: Story) -> Thread:
    """The list and the questions, then the visits, each to a project of its own."""
    rng, cast = story.rng("callbacks"), story.cast
    # the second is one whose customer service sheet is under way, where there are so many
    chosen = [*cast.projects[:1], *(cast.projects[9:10] or cast.projects[1:2])]
    first = local_day(story.calendar.inspection(0))
    at = yield story.on(first - timedelta(days=5), rng)
    heads = [words[0] for words in CUSTOMERS.words.values()]
    table = text_of(heads, [row for each in chosen for row in people(each, rng)])
    file = ContentFile(table.encode(), name=texts()["story"]["callbacks"]["file"])
    kept = keep_customers(campaign=story.campaign, upload=file, by=cast.center, at=at)
    confirm_customers(upload=kept, by=cast.center, at=at + A_CALL)
    questions = [Asked(*each) for each in USUAL]
    write_questionnaire(campaign=story.campaign, questions=questions, by=cast.center, at=at)
    for project, (share, count) in zip(chosen, VISITS, strict=False):
        at = yield story.calendar.inspection(share)
        visit(story, project, count, at, is_over=share == VISITS[0][0])


def people(project: Project, rng: Random) -> Iterator[list[str]]:
    names = texts()["story"]["callbacks"]["names"]
    for number in range(1, CUSTOMERS_EACH + 1):
        unit = f"{rng.randint(1, 9)}-{rng.randint(2, 28)}{rng.randint(1, 4):02}"
        name = f"{rng.choice(names)}示例"
        yield [project.code, name, unit, NUMBER.format(number), str(rng.choice(KINDS).label)]


def visit(story: Story, project: Project, count: int, at: datetime, *, is_over: bool) -> None:
    auditor, rng = story.cast.auditor, story.rng("callbacks", project.code)
    made = add_visit(
        campaign=story.campaign, project=project, day=local_day(at), auditors=[auditor],
        method=Method.CUSTOMER_CALLBACK, by=story.cast.center, at=at - timedelta(days=1),
    )  # fmt: skip
    start_visit(visit=made, by=auditor, at=at)
    seed = f"{rng.getrandbits(128):032x}"
    sample = draw_customers(visit=made, by=auditor, at=at, seed=seed)
    for callee in sample.callees.select_related("customer").order_by("place")[:count]:
        callee.sample = sample
        at += A_CALL
        said = what_is_said(callee, sample, rng)
        record_call(callee=callee, id=uuid(rng), said=said, by=auditor, at=at)
    if is_over:
        finish_visit(visit=made, by=auditor, at=at + A_CALL)


def what_is_said(callee: Callee, sample: CallbackSample, rng: Random) -> Said:
    """The third picks up no call, the sixth has no time, the second complains."""
    words = texts()["story"]["callbacks"]
    if callee.place == 3:
        return Said(CallOutcome.NOT_REACHED, remark=words["later"])
    if callee.place == 6:
        return Said(CallOutcome.REFUSED)
    questions = sample.questionnaire.questions.order_by("order")
    grades = {question.pk: rng.choice(GRADES) for question in questions}
    complaint = words["complaint"] if callee.place == 2 else ""
    return Said(CallOutcome.ANSWERED, grades, complaint=complaint)
