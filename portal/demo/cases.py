"""One case, many sites: the center has one serious finding looked for at every project."""

from collections.abc import Iterator
from datetime import timedelta

from inspections.case.cases import answer_found, answer_not_here, remind_case, spread
from inspections.models import CaseSite, Finding
from organization.clock import local_day
from portal.demo import pictures
from portal.demo.content import texts
from portal.demo.story import Story, Thread

ASKED, ANSWERED = "11-24", "11-25"
HOURS = 48
# What projects answer: n not here, f found, l not here but late; the others have not yet.
ANSWERS = "nnfnnlnfn"


def cases(story: Story) -> Iterator[Thread]:
    yield case(story)


def case(story: Story) -> Thread:
    """Spread from a finding of facilities with pictures; answered by most, two have it too."""
    rng = story.rng("case")
    at = yield story.on(ASKED, rng)
    facilities = story.cast.specialties["facilities"]
    open_ones = Finding.objects.open().filter(campaign=story.campaign, specialty=facilities)
    known = {line["problem"]: line["item"] for line in texts()["findings"]}
    seen = open_ones.filter(problem__in=known, photos__isnull=False)
    finding = seen.order_by("project__code", "position").first()
    if finding is None:
        return
    held = spread(
        finding=finding,
        question=texts()["story"]["case_question"] % {"problem": finding.problem},
        hours=HOURS,
        by=story.cast.center,
        at=at,
    )
    for site, answer in zip(held.sites.select_related("project"), ANSWERS, strict=False):
        site.case = held
        story.begin(answered(story, site, answer, known[finding.problem], at))
    at = yield at + timedelta(hours=HOURS + 2)
    if held.sites.unanswered().exists():
        remind_case(case=held, by=story.cast.center, at=at)


def answered(story: Story, site: CaseSite, answer: str, item: str, asked_at) -> Thread:
    """One project's answer, with a picture of how it looks there."""
    rng = story.rng("case", site.project.code)
    late = asked_at + timedelta(hours=HOURS + 1, minutes=rng.randrange(90))
    at = yield late if answer == "l" else story.on(ANSWERED, rng)
    manager = story.cast.teams[site.project_id].manager
    seen = pictures.ALL if answer == "f" else pictures.NONE
    files = [story.album.photo(item, seen, rng.randrange(100), by=manager, at=at)]
    if answer == "f":
        answer_found(
            site=site, problem=site.case.finding.problem, files=files,
            due=local_day(at) + timedelta(days=9), by=manager, at=at,
        )  # fmt: skip
    else:
        note = rng.choice(texts()["story"]["case_not_here"])
        answer_not_here(site=site, note=note, files=files, by=manager, at=at)
