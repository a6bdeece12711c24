"""On which of the plan's days something owed is handed in, returned, accepted."""

from dataclasses import dataclass
from datetime import timedelta
from random import Random

from campaign.models import Obligation
from portal.demo.story import Story


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


def fate_of(story: Story, obligation: Obligation, rng: Random) -> Fate:
    known = FATES.get((subject_code(obligation), obligation.milestone.code))
    return known or usual(story, obligation, rng)


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
