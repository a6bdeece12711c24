"""Score sheets: who is how far, and what auditors write down so that a sheet comes to a score."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

from inspections.finding.findings import open_finding
from inspections.models import Observation, ScoreSheet
from inspections.sheet.entries import Entry
from inspections.sheet.observations import observe_many, withdraw
from inspections.sheet.outline import Line, Outline, outline
from inspections.sheet.sheets import open_sheet
from inspections.words import Method, ObservationKind
from organization.clock import local_day
from organization.models import Project, Specialty, User
from portal.demo import pictures
from portal.demo.appeals import contest
from portal.demo.calendar import SO_FAR
from portal.demo.content import audit_findings, not_applicable, seen_in, texts
from portal.demo.improvement import LONG, rectification
from portal.demo.signing import hand_over
from portal.demo.story import Story, Thread
from scoring.models import Item, Requirement

ORDER = ("customer_service", "facilities", "order", "environment")
# Percent that each sheet is to come to, and how far it is while the inspection goes on:
# d done, p in progress, o opened and nothing looked at, - nobody has opened it.
SCORES = {
    "P01": ("90.0 89.6 91.0 88.5", "dddd"),
    "P02": ("96.6 96.3 97.0 96.0", "dddd"),
    "P03": ("93.5 94.0 92.5 95.0", "dddd"),
    "P04": ("80.5 77.0 78.5 79.5", "dddd"),
    "P05": ("74.0 77.5 75.0 76.0", "dddd"),
    "P06": ("88.5 86.0 90.0 87.5", "ddpd"),
    "P07": ("86.0 84.5 82.0 88.0", "dddd"),
    "P08": ("86.0 88.0 85.5 89.0", "dp-d"),
    "P09": ("89.0 87.5 86.5 -", "ddd"),
    "P10": ("84.0 86.5 83.5 85.0", "pd--"),
    "P11": ("87.5 84.0 85.0 86.0", "d-dp"),
    "P12": ("86.5 86.5 84.0 85.5", "-o--"),
}
STAGES = ("dddd", "dddd", "ddpd", "dd--", "pd-o")
AMOUNTS = [Decimal(n) / 10 for n in (2, 3, 5, 8, 10, 15, 20)]
STEP = Decimal("0.1")
# Of a sheet's time: covert visit, the rubric in three parts, submission.
SHARES = (0.0, 0.1, 0.35, 0.6, 0.85, 1.0)


@dataclass(frozen=True)
class Lack:
    """One requirement that an auditor finds missing."""

    line: Line
    requirement: Requirement
    points: Decimal
    method: str = Method.OPEN
    note: str = ""

    @property
    def key(self) -> tuple[int, int]:
        return self.line.item.pk, self.requirement.pk


def audits(story: Story) -> Iterator[Thread]:
    lines = story.cast.specialties
    for project in story.cast.projects:
        there = [code for code in ORDER if code in story.cast.teams[project.pk].workers]
        targets, stages = plan_of(story, project)
        for code, stage in zip(there, stages, strict=False):
            target = targets[ORDER.index(code)]
            yield audit(story, project, lines[code], stage, target)


def plan_of(story: Story, project: Project) -> tuple[list[Decimal], str]:
    """What a project's sheets are to come to, and how far they are."""
    rng = story.rng("scores", project.code)
    if project.code in SCORES:
        figures, stages = SCORES[project.code]
        percents = [float(figure) if figure != "-" else 0 for figure in figures.split()]
        return [Decimal(str(round(p + rng.uniform(-0.3, 0.3), 1))) for p in percents], stages
    level = min(max(rng.gauss(86, 5), 68), 98)
    near = [min(max(level + rng.uniform(-2.5, 2.5), 66), 99) for _code in ORDER]
    return [Decimal(str(round(p, 1))) for p in near], rng.choice(STAGES)


def span_of(stage: str, rng: Random) -> tuple[float, float]:
    """From when to when a sheet is worked on, as shares of the inspection."""
    length = rng.uniform(0.06, 0.1)
    begin = {
        "d": rng.uniform(0.01, SO_FAR - length - 0.02),
        "p": SO_FAR - length * rng.uniform(0.4, 0.8),
        "o": SO_FAR - length * 0.08,
        "-": rng.uniform(SO_FAR + 0.02, 0.97 - length),
    }[stage]
    return begin, begin + length


def audit(story: Story, project: Project, specialty: Specialty, stage: str, target) -> Thread:
    """A sheet from its opening to its submission."""
    rng = story.rng("sheet", project.code, specialty.code)
    begin, end = span_of(stage, rng)
    times = [story.calendar.inspection(begin + (end - begin) * share) for share in SHARES]
    lead = story.cast.leads[specialty.code]
    auditor = rng.choice([lead, lead, lead, story.cast.auditor])
    at = yield times[0]
    sheet = open_sheet(
        campaign=story.campaign, project=project, specialty=specialty, by=auditor, at=at
    )
    visit = Visit(story, sheet, auditor, rng)
    lacks = visit.decide(target)
    covert = [lack for lack in lacks if lack.method == Method.COVERT]
    at = yield times[1]
    visit.put(covert, by=story.cast.auditor, at=at)
    for part, moment in zip(thirds(outline(sheet.rubric_id)), times[2:5], strict=True):
        at = yield moment
        seen = [lack for lack in lacks if lack.line in part and lack not in covert]
        yield from visit.walk(part, seen, at)
    at = yield times[5]
    hand_over(story, sheet, auditor, at)
    contest(story, sheet, at)
    visit.open_finding(at)


@dataclass
class Visit:
    """An auditor with a sheet; the covert visit before it is another auditor's."""

    story: Story
    sheet: ScoreSheet
    auditor: User
    rng: Random

    def __post_init__(self):
        self.rubric = outline(self.sheet.rubric_id)
        known = not_applicable(self.sheet.project).items()
        self.without = {code: why for code, why in known if code in self.rubric.by_code}

    def decide(self, target: Decimal) -> list[Lack]:
        """What is missing, so that the sheet comes to a percent of what is possible."""
        lines = {c: line for c, line in self.rubric.by_code.items() if c not in self.without}
        possible = sum(line.item.points for line in lines.values())
        loss = ((100 - target) / 100 * possible).quantize(STEP)
        notes = seen_in(self.sheet.specialty.code, self.sheet.project)
        return choose(candidates(lines, notes, self.rng), loss, self.rng)

    def walk(self, part: list[Line], seen: list[Lack], at: datetime) -> Thread:
        """A part of the rubric; a tap too many is taken back at once."""
        wrong = mistake(seen, self.rng)
        noted = self.put([*wrong, *seen], part, by=self.auditor, at=at)
        for observation in noted[: len(wrong)]:
            at = yield at + timedelta(minutes=3)
            withdraw(observation=observation, id=uuid(self.rng), by=self.auditor, at=at)

    def put(self, lacks: list[Lack], part: Iterable[Line] = (), *, by: User, at: datetime):
        """What is missing; then of a part of the rubric what conforms or does not apply."""
        entries = [self.missing(lack, by=by, at=at) for lack in lacks]
        bad = {lack.line.item for lack in lacks}
        entries += [self.passed(line) for line in part if line.item not in bad]
        return observe_many(sheet=self.sheet, entries=entries, by=by, at=at) if entries else []

    def missing(self, lack: Lack, *, by: User, at: datetime) -> Entry:
        item, rng, photos = lack.line.item, self.rng, ()
        if lack.note and lack.method == Method.OPEN and rng.random() < 0.4:
            album = self.story.album
            photos = (album.photo(item.code, pictures.ALL, rng.randrange(100), by=by, at=at),)
        return Entry(
            ObservationKind.MISSING, item, uuid(rng), requirement=lack.requirement,
            points=lack.points, method=lack.method, note=lack.note, photos=photos,
        )  # fmt: skip

    def passed(self, line: Line) -> Entry:
        why = self.without.get(line.item.code, "")
        kind = ObservationKind.NOT_APPLICABLE if why else ObservationKind.CONFORMS
        return Entry(kind, line.item, uuid(self.rng), note=why)

    def open_finding(self, at: datetime) -> None:
        """A dear deduction now and then becomes a finding, to be made good soon."""
        row, told = self.dearest(), self.story.told
        if row is None or self.rng.random() > 0.4:
            return
        line, project = audit_findings().get(row.item.code, {}), self.sheet.project
        problem = line.get("problem", row.note)
        told[problem] += 1
        workers = self.story.cast.teams[project.pk].workers[self.sheet.specialty.code]
        photos = [photo.file for photo in row.photos.select_related("file")]
        finding = open_finding(
            campaign=self.story.campaign, project=project, specialty=self.sheet.specialty,
            problem=problem, measure=line.get("measure", ""),
            responsible=self.rng.choice(workers), observation=row.pk, requirement=row.requirement,
            due=local_day(at) + timedelta(days=self.rng.randrange(7, 13)), photos=photos,
            by=self.auditor, at=at,
        )  # fmt: skip
        words = line.get("rectification") or texts()["story"]["audit_rectified"]
        self.story.begin(rectification(self.story, finding, row.item.code, words, LONG))

    def dearest(self) -> Observation | None:
        """The dearest that was not told yet, of those whose rectification is known if there is."""
        rows = self.sheet.observations.filter(kind=ObservationKind.MISSING, withdrawal=None)
        rows = rows.exclude(note="").order_by("-points", "pk")
        told = self.story.told
        known: list[Observation] = []
        others: list[Observation] = []
        items = outline(self.sheet.rubric_id).lines
        for row in rows:
            line = audit_findings().get(items[row.item_id].item.code)
            if not told[line["problem"] if line else row.note]:
                (known if line else others).append(row)
        return next(iter(known + others), None)


def thirds(rubric: Outline) -> list[list[Line]]:
    lines = list(rubric.lines.values())
    size = -(-len(lines) // 3)
    return [lines[n * size : (n + 1) * size] for n in range(3)]


def uuid(rng: Random) -> UUID:
    return UUID(int=rng.getrandbits(128), version=4)


# --- what is missing ---------------------------------------------------------------------------


def candidates(lines: dict[str, Line], notes: list[dict], rng: Random) -> list[Lack]:
    """What may be found missing: first what somebody wrote down, then any other requirement.

    The amount is the least that it costs.
    """
    noted = [
        Lack(
            line,
            line.requirements[note["requirement"] - 1],
            line.price.minimum,
            note["method"],
            note["note"],
        )
        for note in notes
        if (line := lines.get(note["item"]))
    ]
    rng.shuffle(noted)
    known = {lack.key for lack in noted}
    others = [
        Lack(line, requirement, line.price.minimum)
        for line in lines.values()
        for requirement in line.requirements
        if (line.item.pk, requirement.pk) not in known
    ]
    rng.shuffle(others)
    return [*noted, *others]


def choose(offered: Iterable[Lack], loss: Decimal, rng: Random) -> list[Lack]:
    """Enough of them to cost `loss` points; a second look at the same thing costs nothing more."""
    chosen: list[Lack] = []
    of_item: defaultdict[Item, Decimal] = defaultdict(Decimal)
    keys, left = set(), loss
    for lack in offered:
        if lack.key in keys:
            chosen.append(lack)
            continue
        rule, item = lack.line.price, lack.line.item
        amount = min(amount_for(rule, rng), left)
        if amount < rule.minimum or of_item[item] + rule.maximum > item.points:
            continue
        chosen.append(replace(lack, points=amount))
        keys.add(lack.key)
        of_item[item] += rule.maximum
        left -= amount
    return spread(chosen, left)


def amount_for(rule, rng: Random) -> Decimal:
    return rng.choice([n for n in AMOUNTS if rule.minimum <= n <= rule.maximum])


def spread(chosen: list[Lack], left: Decimal) -> list[Lack]:
    """What is too little for one more deduction makes others dearer."""
    dearer = []
    for lack in chosen:
        more = min(lack.line.price.maximum - lack.points, max(left, Decimal(0)))
        left -= more
        dearer.append(replace(lack, points=lack.points + more))
    return dearer


def mistake(seen: list[Lack], rng: Random) -> list[Lack]:
    """Now and then a tap too many, on a requirement beside one that is really missing."""
    if not seen or rng.random() > 0.08:
        return []
    line = seen[0].line
    free = [r for r in line.requirements if all(r != lack.requirement for lack in seen)]
    return [Lack(line, free[0], line.price.minimum)] if free else []
