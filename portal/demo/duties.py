"""What is owed, and how it comes in: on time, late, returned, waiting, never."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from campaign.models import Obligation
from campaign.obligations import accept, attach_evidence, send_back, submit, write_note
from campaign.words import EvidenceKind, Scope
from organization.clock import local_day
from organization.models import User
from portal.demo.album import paper
from portal.demo.content import reason_to_return, texts
from portal.demo.story import Story, Thread


@dataclass(frozen=True)
class Fate:
    """Days of the plan. `again` follows a return; what is not given never happens."""

    handed_in: str = ""
    returned: str = ""
    again: str = ""
    accepted: str = ""


# What does not go as usual: (subject, milestone) -> its days; the company's subject is "".
FATES = {
    ("P04", "project_kickoff"): Fate("10-09", "10-10", "10-12", "10-13"),
    ("P05", "project_kickoff"): Fate("10-13", accepted="10-14"),
    ("P12", "project_kickoff"): Fate("10-16", accepted="10-18"),
    ("P01", "project_kickoff"): Fate("10-01", accepted="10-02"),
    ("P02", "project_kickoff"): Fate("09-29", accepted="09-30"),
    ("P03", "project_kickoff"): Fate("09-30", accepted="10-01"),
    ("P06", "project_kickoff"): Fate("10-02", "10-03", "10-04", "10-06"),
    ("P07", "project_kickoff"): Fate("10-04", accepted="10-06"),
    ("P09", "project_kickoff"): Fate("10-03", accepted="10-04"),
    ("P10", "project_kickoff"): Fate("10-03", "10-04", "10-08", "10-09"),
    ("P01", "duty_study"): Fate("10-14", "10-16", "12-01", "12-02"),
    ("P02", "duty_study"): Fate("10-04", accepted="10-06"),
    ("P07", "duty_study"): Fate("10-12", "10-13", "10-15", "10-15"),
    ("P11", "duty_study"): Fate("11-25", accepted="11-30"),
    ("P12", "duty_study"): Fate("12-06", accepted="12-07"),
    ("P01", "self_criticism"): Fate("10-16", "10-17", "10-17", "10-18"),
    ("P05", "self_criticism"): Fate("10-20", "10-22", "12-02", "12-03"),
    ("P08", "self_criticism"): Fate("10-21", accepted="10-24"),
    ("P10", "self_criticism"): Fate("11-24", "11-25", "11-26", "11-29"),
    ("", "plan_drafted"): Fate("09-26", accepted="09-27"),
    ("", "company_kickoff"): Fate("09-28"),
    ("", "preventive_policies"): Fate("11-25", accepted="11-29"),
    ("", "summary_meeting"): Fate("12-31"),
    ("", "lessons"): Fate(),
    ("order", "specialty_training"): Fate("10-27", "10-28", "10-30", "10-31"),
    ("facilities", "exam_report"): Fate("11-02", accepted="11-03"),
    ("environment", "exam_report"): Fate("10-30", "11-01", "11-04", "11-05"),
    ("order", "specialty_seminar"): Fate("11-08", accepted="11-09"),
    ("customer_service", "on_site_support"): Fate("11-18", accepted="11-19"),
    ("facilities", "on_site_support"): Fate("11-25", accepted="11-29"),
    ("order", "on_site_support"): Fate("11-19", "11-21", "12-01", "12-02"),
    ("environment", "on_site_support"): Fate("12-05", accepted="12-06"),
}


def duties(story: Story) -> Iterator[Thread]:
    """A thread for everything owed, except what a plan meets."""
    for obligation in story.campaign.obligations.with_all():
        if not obligation.is_met_by_plan:
            yield duty(story, obligation)


def duty(story: Story, obligation: Obligation) -> Thread:
    subject, milestone = subject_code(obligation), obligation.milestone.code
    rng = story.rng("duty", subject, milestone)
    fate = FATES.get((subject, milestone)) or usual(story, obligation, rng)
    doer, reviewer = who(story, obligation, rng)
    if not fate.handed_in:
        return
    at = yield story.on(fate.handed_in, rng)
    hand_in(story, obligation, "notes", rng, by=doer, at=at)
    if fate.returned:
        at = yield story.on(fate.returned, rng)
        reason = reason_to_return(milestone, rng)
        send_back(obligation=obligation, reason=reason, by=reviewer, at=at)
        if not fate.again:
            return
        at = yield story.on(fate.again, rng)
        hand_in(story, obligation, "returned_notes", rng, by=doer, at=at)
    if fate.accepted:
        at = yield story.on(fate.accepted, rng)
        accept(obligation=obligation, by=reviewer, at=at)


def subject_code(obligation: Obligation) -> str:
    return getattr(obligation.project or obligation.specialty, "code", "")


def usual(story: Story, obligation: Obligation, rng: Random) -> Fate:
    """A few days before its day and accepted soon; now and then returned, or a little late."""
    due = obligation.due - story.calendar.shift
    early = rng.choice([0, 1, 1, 2, 2, 3, 4]) if rng.random() < 0.9 else -rng.randrange(1, 4)
    days = [due - timedelta(days=early)]
    days.append(days[0] + timedelta(days=rng.choice([0, 1, 1, 2])))
    handed_in, accepted = (f"{day:%m-%d}" for day in days)
    if rng.random() > 0.12:
        return Fate(handed_in, accepted=accepted)
    again, last = (f"{days[1] + timedelta(days=n):%m-%d}" for n in (1, 2))
    return Fate(handed_in, accepted, again, last)


def who(story: Story, obligation: Obligation, rng: Random) -> tuple[User, User]:
    """Who hands it in, and who reviews it: another of the center, or whom the plan names."""
    cast = story.cast
    if obligation.project:
        team = cast.teams[obligation.project_id]
        return rng.choice([team.manager, team.manager, team.deputy]), cast.center
    if obligation.specialty:
        return cast.leads[obligation.specialty.code], cast.center
    return cast.center, cast.president


def hand_in(story: Story, obligation: Obligation, words: str, rng: Random, *, by: User, at) -> None:
    """Upload what is asked for, say something, submit; the second time one paper is enough."""
    kinds = obligation.milestone.evidence
    if obligation.evidence.exists():
        kinds = kinds[:1]
    for kind in kinds:
        upload(story, obligation, kind, rng, by=by, at=at)
    if obligation.milestone.scope != Scope.COMPANY:
        write_note(obligation=obligation, note=rng.choice(texts()["story"][words]), by=by, at=at)
    submit(obligation=obligation, by=by, at=at)


def upload(story: Story, obligation: Obligation, kind: str, rng: Random, *, by: User, at) -> None:
    day, words = local_day(at), EvidenceKind(kind).label
    heading = obligation.milestone.title.split("，")[0][:20]
    subject = f"{words}　{obligation.subject}　{day}"
    lines = [heading, subject, *texts()["story"]["papers"].get(kind, ())]
    name = f"{heading}_{words}_{obligation.subject}"
    file = paper(kind, name, lines, look=rng.randrange(100))
    evidence = attach_evidence(
        obligation=obligation, upload=file, kind=kind, by=by, at=at, about=day
    )
    story.album.keep(evidence.file)
