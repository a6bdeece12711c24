"""What all sheets come to, kept as scores are recorded: the same as counting everything again."""

import json
from datetime import timedelta
from decimal import Decimal as D
from random import Random

import pytest
from django.core.management import call_command

from campaign.models import Participation
from inspections.models import Observation, ScoreSheet
from inspections.sheet import observations, sheets
from inspections.sheet.adding import Adding
from inspections.sheet.folding import fold
from inspections.sheet.ledger import scored_lines, sections_of
from inspections.sheet.outline import outline
from inspections.sheet.remaking import made_scores
from inspections.words import Method
from organization.lists import ListRow
from organization.models import Project
from organization.plain import Kept
from organization.projects import import_projects
from scoring.counting import missed_rows, section_rows, shown_figures
from scoring.models import (
    FigureCount,
    MissedCount,
    Score,
    ScoreLine,
    SectionCount,
    Standing,
)
from scoring.models.counts import Figure
from scoring.models.results import ScoreKind
from scoring.opening import freeze
from scoring.results import count_again, rebuild
from scoring.score_rows import kept_lines, own_score, stored_figures
from tests import cast
from tests.inspections import appealing
from tests.inspections.entering import AT, confirm_all, item, missing, opened, submitted

LATER = AT + timedelta(days=1)
TABLES = (MissedCount, SectionCount, FigureCount)


def counts():
    """Every row of the counts that says something."""
    return {
        (table.__name__, *(value for name, value in sorted(row.items()) if name != "id"))
        for table in TABLES
        for row in table.objects.filter(projects__gt=0).values()
    }


def finish(sheet, by, at=AT):
    confirm_all(sheet, by, at=at)
    sheets.submit_sheet(sheet=sheet, by=by, at=at)


@pytest.fixture
def many(company):
    """Five more projects, two in each of two regions and one in none."""
    regions = ("东区", "西区", "东区", "西区", "")
    projects = Project.objects.bulk_create(
        Project(code=f"P1{n}", name=f"项目{n}", region=region) for n, region in enumerate(regions)
    )
    for model, more in ((Participation, {}), (Standing, {"updated_at": AT})):
        model.objects.bulk_create(
            model(campaign=company.campaign, project=each, **more) for each in projects
        )
    return projects


def opened_as(company, project, kind, **shape):
    """A sheet of either kind; its rubric is made unless there is one."""
    line = company.lines["customer_service"]
    if not company.campaign.rubrics.exists():
        cast.rubric(company.campaign, line, **shape)
    about = {"campaign": company.campaign, "project": project, "specialty": line, "kind": kind}
    return sheets.open_sheet(**about, by=company.auditor, at=AT)


def play(company, projects, chance):
    """Sheets of both kinds with random deductions and marks, some left unfinished."""
    for project in projects:
        for kind in (ScoreKind.SELF, ScoreKind.AUDIT):
            sheet = opened_as(company, project, kind, items=10, sections=3)
            by = company.auditor
            for number in range(1, 11):
                if chance.random() < 0.2:
                    about = {"sheet": sheet, "item": item(sheet, number), "by": by, "at": AT}
                    observations.mark_not_applicable(reason="没有", **about)
                elif chance.random() < 0.5:
                    method = "" if kind == ScoreKind.SELF else Method.OPEN
                    points = D(chance.randrange(5, 21)) / 10
                    missing(sheet, by, number, points=points, method=method)
            if chance.random() < 0.8:
                finish(sheet, by)


@pytest.mark.parametrize("seed", [1, 2])
def test_counting_as_scores_come_is_counting_everything_again(company, many, seed):
    play(company, many, Random(seed))
    moved = ListRow({"code": many[0].code, "name": "甲", "region": "南区"})
    import_projects(rows=[moved], by="command", at=AT)
    kept = counts()
    assert {row[0] for row in kept} == {"MissedCount", "SectionCount", "FigureCount"}
    assert count_again(campaign=company.campaign) == 0
    assert counts() == kept
    rebuild(campaign=company.campaign, at=LATER)
    assert counts() == kept


def test_projects_that_move_in_several_batches_count_in_their_new_region(
    company, many, monkeypatch
):
    monkeypatch.setattr("scoring.results.MOVED", 2)
    play(company, many, Random(3))
    rows = [ListRow({"code": each.code, "name": each.name, "region": "南区"}) for each in many]
    import_projects(rows=rows, by="command", at=AT)
    kept = counts()
    assert count_again(campaign=company.campaign) == 0
    assert counts() == kept


def results():
    """Scores, lines, standings and counts, without keys and times of writing."""
    scores = Score.objects.order_by("project", "kind").values(*SCORE)
    lines = ScoreLine.objects.order_by("observation").values_list(*LINE)
    return list(scores), list(lines), list(Standing.objects.order_by("pk").values()), counts()


SCORE = (
    "project", "kind", "rubric", "kept", "possible", "finished_at", "objections_until", "counted",
)  # fmt: skip
LINE = ("score__project", "score__kind", "item", "requirement", "points", "observation")


def spoil(chance):
    """Some scores, lines and counts changed, some gone."""
    for model, change in (
        (Score, {"kept": 1, "counted": None}),
        (ScoreLine, {"points": 9}),
        (MissedCount, {"projects": 7}),
        (SectionCount, {"kept": 12345}),
    ):
        pks = list(model.objects.values_list("pk", flat=True))
        model.objects.filter(pk__in=chance.sample(pks, len(pks) // 4)).update(**change)
        model.objects.filter(pk__in=chance.sample(pks, len(pks) // 4)).delete()


@pytest.mark.parametrize("seed", [3, 4])
def test_results_made_again_are_those_recorded_live(company, many, seed):
    chance = Random(seed)
    play(company, many, chance)
    live = results()
    spoil(chance)
    assert results() != live
    rebuild(campaign=company.campaign, at=AT)
    assert results() == live


def test_the_most_missed_come_first_with_points_and_words(company, many):
    for number, project in enumerate(many[:3]):
        sheet = opened(company, project=project)
        missing(sheet, company.auditor, 1, points="1.5")
        if number:
            missing(sheet, company.auditor, 2, points="0.5")
        finish(sheet, company.auditor)
    first, second = MissedCount.objects.most_missed(company.campaign)
    assert (first.requirement, first.projects, first.points) == (
        ScoreLine.objects.filter(points="1.5").first().requirement, 3, D("4.50"),
    )  # fmt: skip
    assert (second.projects, second.points) == (2, D("1.00"))
    (east,) = MissedCount.objects.most_missed(company.campaign, 1, region="东区")
    assert (east.requirement, east.projects) == (first.requirement, 2)


def test_a_covert_visit_is_in_no_count_before_it_is_handed_in(company):
    sheet = opened(company)
    missing(sheet, company.auditor, method=Method.COVERT)
    assert counts() == set()
    finish(sheet, company.auditor)
    assert MissedCount.objects.most_missed(company.campaign)[0].projects == 1


def test_what_an_appeal_withdraws_leaves_the_counts(company):
    found = appealing.made(company)
    assert len(MissedCount.objects.most_missed(company.campaign)) == 1
    appealing.decided(company, found)
    assert MissedCount.objects.most_missed(company.campaign) == []


def test_a_gap_is_counted_whichever_side_comes_last(company):
    for kinds in ((ScoreKind.SELF, ScoreKind.AUDIT), (ScoreKind.AUDIT, ScoreKind.SELF)):
        project = company.one if kinds[0] == ScoreKind.SELF else company.two
        for kind in kinds:
            sheet = opened_as(company, project, kind)
            if kind == ScoreKind.AUDIT:
                missing(sheet, company.auditor, points="2")
            finish(sheet, company.auditor)
    (gap,) = FigureCount.objects.filter(figure=Figure.GAP, projects__gt=0)
    assert (gap.projects, gap.whole, gap.hundredths) == (2, 2, 400)


def test_scores_of_an_earlier_release_are_counted_once_also_when_frozen(company, capsys):
    submitted(company)
    right = counts()
    freeze(campaign=company.campaign, by=company.president, at=LATER)
    Score.objects.update(counted=None)
    for table in TABLES:
        table.objects.all().delete()
    call_command("count_results", existing=True)
    assert counts() == right
    assert not Score.objects.uncounted().exists()
    assert company.campaign.code in capsys.readouterr().out


def test_a_rebuild_puts_scores_lines_and_counts_right(company):
    sheet = opened(company)
    missing(sheet, company.auditor, points="2")
    finish(sheet, company.auditor)
    right, lines = counts(), list(ScoreLine.objects.values_list("item", "points"))
    Score.objects.update(kept=1, counted=None)
    ScoreLine.objects.all().delete()
    rebuild(campaign=company.campaign, at=LATER)
    assert counts() == right
    assert list(ScoreLine.objects.values_list("item", "points")) == lines
    assert Score.objects.get().kept == 98


def test_a_score_that_has_lost_its_sheet_stays_in_the_counts_as_it_says(company, many):
    """Rebuilding adds up what it makes; what nothing makes any more it has to read."""
    play(company, many, Random(5))
    lost = ScoreSheet.objects.submitted().filter(kind=ScoreKind.AUDIT).first()
    lost.observations.all().delete()
    lost.delete()
    kept = counts()
    MissedCount.objects.update(projects=7)
    rebuild(campaign=company.campaign, at=LATER)
    assert counts() == kept


@pytest.mark.parametrize("seed", range(5, 9))
def test_a_sheet_added_up_item_by_item_is_the_fold_of_all_of_it(company, many, seed):
    """Several of the same item, some taken back, some beside what is not applicable."""
    chance = Random(seed)
    sheet = opened_as(company, many[0], ScoreKind.AUDIT, items=8, sections=3)
    of, adding = outline(sheet.rubric_id), Adding(outline(sheet.rubric_id), False)
    for _round in range(60):
        rows = history(of, chance)
        folded = fold(of.engine_items, [of.event(*row) for row in rows], False, of.critical)
        added = adding.sheet([(*row[:5], kept(row[5]), row[6]) for row in rows])
        assert added.score[:2] == folded.score[:2]
        assert added.score[4:] == folded.score[4:]
        lines = scored_lines(of, folded)
        assert set(added.lines) == {line._replace(points=kept(line.points)) for line in lines}
        assert [json.loads(row) for row in added.rows.missed] == missed_rows(lines)
        told = [json.loads(row) for row in added.rows.sections]
        assert told == section_rows(sections_of(of, folded))


kept = Kept(Observation, "points").as_kept


def test_counts_are_spelled_as_the_database_keeps_them(company, many):
    """So that what a score has put in need not be read to see that it is right."""
    play(company, many, Random(3))
    (batch,) = made_scores(company.campaign)
    keys, stored = stored_figures(company.campaign, {made.project.id for made in batch})
    said = {made.key: shown_figures(made.score, own_score(made, stored)) for made in batch}
    made = {each.key: each.figures(said[each.key] if each.counts else None) for each in batch}
    assert made == stored
    assert any(figures.counted and '"gap"' in figures.counted for figures in made.values())
    lines = {(keys[each.key], *line) for each in batch for line in each.lines}
    assert lines == kept_lines(keys.values()) and lines


def test_counts_that_are_spelled_otherwise_say_the_same(company, many):
    """As an earlier release did, whose rows stay as they are."""
    play(company, many, Random(4))
    for score in Score.objects.exclude(counted=None):
        Score.objects.filter(pk=score.pk).update(counted=dict(reversed(score.counted.items())))
    written = set(Score.objects.values_list("pk", "updated_at"))
    rebuild(campaign=company.campaign, at=LATER)
    assert set(Score.objects.values_list("pk", "updated_at")) == written
    score = Score.objects.exclude(counted=None).first()
    Score.objects.filter(pk=score.pk).update(counted=score.counted | {"region": "别处"})
    rebuild(campaign=company.campaign, at=LATER)
    assert Score.objects.get(pk=score.pk).counted == score.counted


def history(of, chance):
    """Rows as `Outline.event` takes them: of few items, so that several are about the same."""
    lines = chance.sample(list(of.lines.values()), chance.randrange(1, 8))
    rows = []
    for number in range(chance.randrange(0, 12)):
        line = chance.choice(lines)
        kind = chance.choices(["missing", "conforms", "not_applicable", "decided"], [6, 1, 1, 1])[0]
        rule = requirement = points = None
        if kind in ("missing", "decided"):
            requirement = chance.choice([None, *(each.pk for each in line.requirements)])
            points = D(chance.randrange(5, 21)) / 10
        if kind == "decided" and chance.random() < 0.3:
            points = None
        rows.append((f"{number:02}", kind, line.item.pk, requirement, rule, points, None))
    taken = [row for row in rows if chance.random() < 0.2]
    return rows + [(f"w{r[0]}", "withdrawal", *r[2:5], None, r[0]) for r in taken]
