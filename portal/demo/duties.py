"""What is owed, and how it comes in: on time, late, returned, waiting, never."""

from collections.abc import Iterator
from itertools import chain
from random import Random

from django.core.files.base import ContentFile

from campaign.evidence import revise_evidence
from campaign.models import Evidence, Obligation
from campaign.notes import mark_notes, set_headcount
from campaign.obligations import accept, attach_evidence, send_back, submit, write_note
from campaign.words import EvidenceKind, Scope
from organization.clock import local_day
from organization.models import User
from portal.demo.album import paper
from portal.demo.content import reason_to_return, texts
from portal.demo.fates import fate_of, subject_code
from portal.demo.story import Story, Thread
from portal.demo.support import support

# Projects that have more people than the system knows.
HEADCOUNTS = {"P01": 46, "P02": 38}


def duties(story: Story) -> Iterator[Thread]:
    """A thread for everything owed, except what a plan meets."""
    yield headcounts(story)
    for obligation in story.campaign.obligations.with_all():
        if obligation.asks_for_visits and obligation.specialty:
            yield from support(story, obligation)
        if not obligation.is_met_by_plan:
            yield duty(story, obligation)


def duty(story: Story, obligation: Obligation) -> Thread:
    subject, milestone = subject_code(obligation), obligation.milestone.code
    rng = story.rng("duty", subject, milestone)
    fate = fate_of(story, obligation, rng)
    doer, reviewer = who(story, obligation, rng)
    if not fate.handed_in:
        return
    at = yield story.on(fate.handed_in, rng)
    hand_in(story, obligation, rng, by=doer, at=at)
    if fate.returned:
        at = yield story.on(fate.returned, rng)
        reason = reason_to_return(milestone, rng)
        send_back(obligation=obligation, reason=reason, by=reviewer, at=at)
        if not fate.again:
            return
        at = yield story.on(fate.again, rng)
        hand_in(story, obligation, rng, by=doer, at=at, again=True)
    if fate.accepted:
        at = yield story.on(fate.accepted, rng)
        accept(obligation=obligation, by=reviewer, at=at)


def who(story: Story, obligation: Obligation, rng: Random) -> tuple[User, User]:
    """Who hands it in, and who reviews it: another of the center, or whom the plan names."""
    cast = story.cast
    if obligation.project:
        team = cast.teams[obligation.project_id]
        return rng.choice([team.manager, team.manager, team.deputy]), cast.center
    if obligation.specialty:
        return cast.leads[obligation.specialty.code], cast.center
    return cast.center, cast.president


def hand_in(
    story: Story, obligation: Obligation, rng: Random, *, by: User, at, again: bool = False
) -> None:
    """Upload what is asked for, say something, submit; the second time one paper is enough."""
    kinds = [kind for kind in obligation.milestone.evidence if kind != EvidenceKind.VISIT_LOG]
    there = obligation.evidence.standing().filter(kind__in=kinds[:1])
    older = there.last() if again else None
    if older:
        better(story, older, rng, by=by, at=at)
    else:
        for kind in kinds:
            upload(story, obligation, kind, rng, by=by, at=at)
    if obligation.milestone.scope != Scope.COMPANY:
        words = "returned_notes" if again else "notes"
        write_note(obligation=obligation, note=rng.choice(texts()["story"][words]), by=by, at=at)
    submit(obligation=obligation, by=by, at=at)


def upload(story: Story, obligation: Obligation, kind: str, rng: Random, *, by: User, at) -> None:
    evidence = attach_evidence(
        obligation=obligation,
        upload=written(obligation, kind, rng, at=at),
        kind=kind,
        by=by,
        at=at,
        about=local_day(at),
    )
    story.album.keep(evidence.file)
    if kind == EvidenceKind.NOTES and obligation.project:
        say_whose(story, evidence, rng, by=by, at=at)


def better(story: Story, older: Evidence, rng: Random, *, by: User, at) -> None:
    """What was asked for after a return: the same paper once more, corrected."""
    file = written(older.obligation, older.kind, rng, at=at)
    newer = revise_evidence(evidence=older, upload=file, by=by, at=at, about=local_day(at))
    story.album.keep(newer.file)


def written(obligation: Obligation, kind: str, rng: Random, *, at) -> ContentFile:
    day, words = local_day(at), EvidenceKind(kind).label
    heading = obligation.milestone.title.split("，")[0][:20]
    subject = f"{words}　{obligation.subject}　{day}"
    lines = [heading, subject, *texts()["story"]["papers"].get(kind, ())]
    name = f"{heading}_{words}_{obligation.subject}"
    return paper(kind, name, lines, look=rng.randrange(100))


def say_whose(story: Story, evidence: Evidence, rng: Random, *, by: User, at) -> None:
    """Most people's notes are in the file; where not all are in the system, more by number."""
    project = evidence.obligation.project
    team, rng = story.cast.teams[project.pk], story.rng("notes", evidence.file.name)
    people = {team.manager, team.deputy, *chain.from_iterable(team.workers.values())}
    there = [each for each in sorted(people, key=lambda one: one.pk) if rng.random() < 0.9]
    others = rng.randrange(16, 28) if project.code in HEADCOUNTS else 0
    mark_notes(evidence=evidence, people=there, others=others, by=by, at=at)


def headcounts(story: Story) -> Thread:
    """Projects whose staff are not all in the system state their own number."""
    at = yield story.on("09-26", story.rng("headcounts"))
    for part in story.campaign.participations.filter(project__code__in=HEADCOUNTS):
        number, manager = HEADCOUNTS[part.project.code], story.cast.teams[part.project_id].manager
        set_headcount(participation=part, headcount=number, by=manager, at=at)
