"""The company's median and best of every section, at 10,000 projects with 5 % missing.

    python -m bench.sections [--projects 10000] [--rounds 5]

Four rubrics of 80 items in 8 sections, four deductions a sheet. Beside the read of the counts
stands one bare SQL aggregate over the deductions. The database is one of its own in a temporary
folder.
"""

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SECTIONS, MISSING, BATCH = 8, 4, 5000


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.sections", description=__doc__)
    parser.add_argument("--projects", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        measure(options.projects, options.rounds)
        return
    with tempfile.TemporaryDirectory(prefix="pinzhi-bench-") as folder:
        env = os.environ | {"DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "config.settings"}
        command = [sys.executable, "-m", "bench.sections", "--measure"]
        command += ["--projects", str(options.projects), "--rounds", str(options.rounds)]
        root = Path(__file__).parent.parent
        subprocess.run(command, env=env, check=True, cwd=root)  # noqa: S603 our own command


def measure(projects: int, rounds: int) -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db.models import Sum

    from bench.build import build
    from inspections.sheet.company_sections import company_sections
    from scoring.models import ScoreLine

    call_command("migrate", verbosity=0)
    campaign = build(projects)
    lines = add_lines()
    add_counts(campaign)
    bare, kept = [], []
    for _ in range(rounds):
        bare.append(seconds(lambda: ScoreLine.objects.aggregate(Sum("points"))))
        kept.append(seconds(lambda: company_sections(campaign)))
    print(f"{projects:,} projects, {lines:,} deductions")
    print(f"one bare sum over them: {milliseconds(bare)}")
    print(f"median and best of every section, from the counts: {milliseconds(kept)}")


def add_sections() -> dict[int, list[tuple[int, int]]]:
    """Items into sections; each item with its first requirement, by rubric."""
    from scoring.models import Item, Rubric, Section

    items = {}
    for rubric in Rubric.objects.all():
        parts = [
            Section.objects.create(rubric=rubric, code=f"s{n}", name=f"{n}", order=n)
            for n in range(SECTIONS)
        ]
        of = list(rubric.items.order_by("order"))
        for number, item in enumerate(of):
            item.section = parts[number * SECTIONS // len(of)]
        Item.objects.bulk_update(of, ["section"])
        items[rubric.pk] = [(item.pk, item.requirements.first().pk) for item in of]
    return items


def add_lines() -> int:
    """For every score the deductions of a few of its items."""
    import uuid
    from decimal import Decimal

    from scoring.models import Score, ScoreLine

    items = add_sections()
    chance = random.Random(7)  # noqa: S311 sample data, not a secret
    made = (
        ScoreLine(
            score_id=score, item_id=item, requirement_id=requirement,
            points=Decimal(chance.randrange(5, 11)) / 10, observation=uuid.uuid4(),
        )
        for score, rubric in Score.objects.values_list("pk", "rubric")
        for item, requirement in chance.sample(items[rubric], MISSING)
    )  # fmt: skip
    return len(ScoreLine.objects.bulk_create(made, batch_size=BATCH))


def add_counts(campaign) -> None:
    """What recording those scores would have put into the counts."""

    from collections import defaultdict
    from decimal import Decimal

    from scoring import engine
    from scoring.counting import count_all_again, rows_of, shown_figures, spelled_counted
    from scoring.models import Item, Score, ScoreLine
    from scoring.results import Line

    sections = dict(Item.objects.values_list("pk", "section__code"))
    full = defaultdict(lambda: defaultdict(Decimal))
    for rubric, code, points in Item.objects.values_list("rubric", "section__code", "points"):
        full[rubric][code] += points
    lines = defaultdict(list)
    for score, *line in ScoreLine.objects.order_by().values_list(
        "score", "item_id", "requirement_id", "points", "observation", "rule_id"
    ):
        lines[score].append(Line(*line))
    scores = list(Score.objects.audits().finished().select_related("project").order_by())
    for score in scores:
        kept = dict(full[score.rubric_id])
        for line in lines[score.pk]:
            kept[sections[line.item]] -= line.points
        points = {
            code: engine.SectionPoints(kept[code], all)
            for code, all in full[score.rubric_id].items()
        }
        shown = shown_figures(engine.SheetScore(score.kept, score.possible), None)
        rows = rows_of(lines[score.pk], points)
        score.counted = json.loads(spelled_counted(score.project.region, rows, shown))
    Score.objects.bulk_update(scores, ["counted"], batch_size=BATCH // 10)
    count_all_again(campaign)


def seconds(act) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def milliseconds(spent: list[float]) -> str:
    return f"{statistics.median(spent) * 1000:,.0f} ms"


if __name__ == "__main__":
    main()
