"""The only writer of scores, their lines and standings.

A score comes from below (a sheet's points) and moves one project's standing in the same
transaction. Nothing here knows where a deduction came from: a line carries an id.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from campaign.models import Campaign
from organization.bulk import update
from organization.errors import Refused
from organization.models import Project
from organization.plain import collected_seldom, plain
from scoring import engine
from scoring.composing import (
    KEPT,
    compute,
    figures_from,
    figures_of,
    parts_by_kind,
    parts_of_many,
    weights_of,
)
from scoring.counting import (
    Tally,
    count_all_again,
    move_counts,
    rows_of,
    shown_figures,
    write,
)
from scoring.models import Rubric, Score, Standing
from scoring.models.results import ScoreKind
from scoring.opening import require_open_results
from scoring.score_rows import (
    Figures,
    Line,
    Made,
    keep_gap,
    kept_lines,
    own_score,
    stored_figures,
    stored_keys,
    stored_lines,
    stored_scores,
    write_counted,
    write_figures,
    write_kept_lines,
    write_lines,
    write_scores,
)

# Who keeps what scores are made of: (campaign) says every finished score again, some hundred at
# a time, those of a project together, self-checks before audits (`rebuild`).
SCORE_SOURCES: list[Callable[[Campaign], Iterator[list[Made]]]] = []
BATCH = 500
MOVED = 1000  # projects that change their region at once


# Within the caller's transaction, without a savepoint: a refusal undoes the caller's work too.
@transaction.atomic(savepoint=False)
def record_score(
    *,
    campaign: Campaign,
    project: Project,
    rubric: Rubric,
    kind: str = ScoreKind.AUDIT,
    score: engine.SheetScore,
    lines: Iterable[Line],
    sections: Mapping[str, engine.SectionPoints] | None = None,
    finished_at: datetime | None,
    objections_until: datetime | None = None,
    open_objections: int = 0,
    at: datetime,
) -> Score:
    """Write a project's score on one rubric, with its lines, and bring its standing up to date.

    `score` holds the points kept and possible and what a missing critical requirement did
    (ruling 4), `lines` the deductions that count; of those only what changed is written.
    `sections` are the points by section's code, for the counts that are kept of all projects.
    `finished_at` is None while the sheet is being filled: then the rubric stays out of the
    composite, which is provisional (ruling 8), and out of the counts. A self-check never
    touches a result (ruling 6), only what the league table shows beside it. The same call again
    changes nothing. Raises Refused when the results are frozen. At most twelve queries, whatever
    the size of the campaign.
    """
    standing = _held_standing(campaign, project, kind)
    require_open_results(campaign)
    lines = set(lines)
    made = Made(
        project,
        rubric,
        kind,
        score,
        lines,
        finished_at,
        objections_until,
        open_objections,
        rows_of(lines, sections or {}),
    )
    written, was, now = _record(campaign, made, at)
    if standing:
        _bring_up_to_date(standing, at)
    move_counts(campaign, rubric.specialty_id, was, now)
    return written


def _record(campaign: Campaign, made: Made, at: datetime) -> tuple[Score, dict | None, dict | None]:
    """The score as written, and what it, or the audit beside it, had in the counts and has."""
    stored = stored_scores(campaign, [made])
    before = stored.get(made.key)
    row = made.row(campaign, at, own_score(made, stored))
    (written,) = write_scores([row])
    write_lines(written.pk, made.lines, stored_lines(before.pk) if before else {})
    if made.kind == ScoreKind.AUDIT:
        return written, before and before.counted, written.counted
    audit = stored.get((*made.key[:2], ScoreKind.AUDIT))
    if audit and audit.counted:
        return written, keep_gap(audit, written), audit.counted
    return written, None, None


def _held_standing(campaign: Campaign, project: Project, kind: str) -> Standing | None:
    """The project's standing, held until the transaction ends: scores of one project queue.

    A self-check queues as well, for it stands beside the audit in the counts and the table.
    """
    found = Standing.objects.select_for_update().filter(campaign=campaign, project=project)
    if standing := found.first():
        standing.campaign, standing.project = campaign, project
        return standing
    if kind == ScoreKind.SELF:
        return None
    raise Refused(_("该项目没有参加本次专项工作。"), code="not_entered")


def refresh_standing(*, campaign: Campaign, project: Project, at: datetime) -> Standing:
    """Compute one project's standing from its scores again, e.g. after its specialties changed.

    Raises Refused when the results are frozen or the project does not take part.
    """
    with transaction.atomic():
        standing = _held_standing(campaign, project, ScoreKind.AUDIT)
        require_open_results(campaign)
        _bring_up_to_date(standing, at)
    return standing


def _bring_up_to_date(standing: Standing, at: datetime) -> None:
    before, parts = figures_of(standing), parts_by_kind(standing.campaign, standing.project)
    compute(standing, parts)
    if figures_of(standing) != before:
        standing.updated_at = at
        standing.save(update_fields=[*KEPT, "updated_at"])


# --- everything at once ------------------------------------------------------------------


def enter_standings(campaign: Campaign, projects: Sequence[Project], at: datetime) -> None:
    """A provisional standing for every project that was entered (campaign.registry)."""
    Standing.objects.bulk_create(
        (Standing(campaign=campaign, project=project, updated_at=at) for project in projects),
        ignore_conflicts=True,
    )


@transaction.atomic
def rebuild(*, campaign: Campaign, at: datetime) -> int:
    """Make all results of a campaign again: scores from their sources, standings and counts
    from them.

    Returns how many standings came out different. Raises Refused when the results are frozen.
    Memory does not grow with the number of projects' lines.
    """
    require_open_results(campaign)
    held, tally = _hold_all(campaign), Tally()
    rest, changed, weights = set(held), 0, weights_of(campaign)
    with collected_seldom():
        for source in SCORE_SOURCES:
            for batch in source(campaign):
                scores = _record_again(campaign, batch, tally, at)
                projects = {made.project.id for made in batch}
                changed += _rebuild(campaign, projects, weights, scores, at)
                rest -= projects
        standing_alone = iter(sorted(rest))
        while projects := list(islice(standing_alone, BATCH)):
            scores = stored_figures(campaign, projects)[1]
            changed += _rebuild(campaign, projects, weights, scores, at)
        count_all_again(campaign, tally)
    return changed


@transaction.atomic
def count_again(*, campaign: Campaign) -> int:
    """Make the counts of a campaign again from what its scores are made of; nothing else moves,
    so that it serves frozen results too.

    Returns how many scores had put in something else before.
    """
    _hold_all(campaign)
    changed = 0
    for source in SCORE_SOURCES:
        for batch in source(campaign):
            stored = stored_scores(campaign, batch)
            rows = []
            for made in batch:
                score = stored.get(made.key)
                counted = made.counted(own_score(made, stored))
                if score and score.counted != counted:
                    score.counted = counted
                    rows.append(score)
            Score.objects.bulk_update(rows, ["counted"])
            changed += len(rows)
    count_all_again(campaign)
    return changed


def follow_regions(projects: Sequence[Project]) -> None:
    """Projects count in the region that they are in now (organization.projects), in campaigns
    that are over as well.
    """
    with transaction.atomic():
        held = Standing.objects.filter(project__in=projects).order_by("pk")
        list(held.select_for_update().values_list("pk", flat=True))
        tallies: dict[Campaign, Tally] = defaultdict(Tally)
        for start in range(0, len(projects), MOVED):
            _move_regions(projects[start : start + MOVED], tallies)
        for campaign, tally in tallies.items():
            write(campaign, tally)


def _move_regions(projects: Sequence[Project], tallies: dict[Campaign, Tally]) -> None:
    """A thousand at once: what a score puts into the counts names all that it missed."""
    region = {project.pk: project.region for project in projects}
    found = Score.objects.audits().filter(project__in=projects, counted__isnull=False)
    scores = list(found.select_related("campaign").order_by("campaign_id", "pk"))
    for score in scores:
        tallies[score.campaign].add(score.specialty_id, score.counted, -1)
        score.counted |= {"region": region[score.project_id]}
        tallies[score.campaign].add(score.specialty_id, score.counted)
    Score.objects.bulk_update(scores, ["counted"], batch_size=BATCH)


def _hold_all(campaign: Campaign) -> list[int]:
    """Lock every standing, so that no score moves until the transaction ends; whose they are."""
    standings = Standing.objects.filter(campaign=campaign).order_by("pk")
    return list(standings.select_for_update().values_list("project_id", flat=True))


def _record_again(
    campaign: Campaign, batch: Sequence[Made], tally: Tally, at: datetime
) -> dict[tuple, Figures]:
    """Write those scores and lines of a batch that are not what their source says, and add up
    what all of them put into the counts; all scores of these projects as they are now.
    """
    keys, stored = stored_figures(campaign, {made.project.id for made in batch})
    made_keys = [made.key for made in batch]
    lines = kept_lines([keys[key] for key in made_keys if key in keys])
    due, counted = {}, []
    for key, made in zip(made_keys, batch, strict=True):
        shown = None
        if made.counts:
            shown = shown_figures(made.score, own_score(made, stored))
            tally.add_rows(key[1], made.project.region, made.rows, shown)
        figures = made.figures(shown)
        if not figures.says(was := stored.get(key)):
            if was and was[:-1] == figures[:-1]:
                counted.append((figures.counted, at, keys[key]))
            else:
                due[key] = figures
            stored[key] = figures  # an audit is compared with what its project says now
    write_counted(counted)
    if due:
        write_figures(campaign, due, keys, at)
    if due.keys() - keys.keys():
        keys = stored_keys(campaign, batch)
    wanted = {
        (pk, item, requirement, points, observation, rule)
        for pk, made in zip(map(keys.__getitem__, made_keys), batch, strict=True)
        for item, requirement, points, observation, rule in made.lines
    }
    write_kept_lines(wanted, lines)
    return stored


def _rebuild(
    campaign: Campaign,
    projects: Collection[int],
    weights: Sequence[tuple],
    scores: Mapping[tuple, Figures],
    at: datetime,
) -> int:
    """Write those standings of these projects that are not what all their scores come to."""
    standings = Standing.objects.filter(campaign=campaign, project__id__among=projects)
    stored = list(plain(standings.order_by(), "pk", "project_id", *KEPT))
    parts = parts_of_many(campaign, projects, weights, scores)
    changed = [
        Standing(pk=pk, updated_at=at, **dict(zip(KEPT, now, strict=True)))
        for pk, project, *was in stored
        if (now := figures_from(parts[project])) != tuple(was)
    ]
    update(Standing, [*KEPT, "updated_at"], changed)
    return len(changed)
