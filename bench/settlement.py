"""A settlement drawn up at 10,000 projects: everybody in a band that pays or fines.

    python -m bench.settlement [--projects 10000]

Five posts a project that the rules speak of beside an employee, one project in twenty with a head
who joined meanwhile. Drawn up, drawn up anew, one case decided, all of them, submitted, and
corrected; with the queries of each, which do not grow with the projects. The database is one of
its own in a temporary folder.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

JOINED = 20  # one project in so many
BATCH = 5000


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.settlement", description=__doc__)
    parser.add_argument("--projects", type=int, default=10_000)
    parser.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        measure(options.projects)
        return
    with tempfile.TemporaryDirectory(prefix="pinzhi-bench-") as folder:
        env = os.environ | {"DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "config.settings"}
        command = [sys.executable, "-m", "bench.settlement", "--measure"]
        command += ["--projects", str(options.projects)]
        root = Path(__file__).parent.parent
        subprocess.run(command, env=env, check=True, cwd=root)  # noqa: S603 our own command


def measure(projects: int) -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    from bench.build import build
    from organization.models import User
    from rewards.cases import decide_cases
    from rewards.settlement import draw_up, submit_settlement

    call_command("migrate", verbosity=0)
    campaign = build(projects)
    staff(campaign)
    center, at = User.objects.get(username="center"), timezone.now()
    asked = {"by": center, "at": at}
    print(f"{projects:,} projects")
    drawn = timed("drawn up", lambda: draw_up(campaign=campaign, **asked))
    print(f"{drawn.awards.count():,} awards, {drawn.cases.count():,} cases")
    timed("drawn up anew", lambda: draw_up(campaign=campaign, **asked))
    said = {"settlement": drawn, "answer": "pay", "reason": "bench"} | asked
    cases = list(drawn.cases.all())
    timed("one case decided", lambda: decide_cases(cases=cases[:1], **said))
    timed("fifty cases decided", lambda: decide_cases(cases=cases[1:51], **said))
    if cases[51:]:
        decide_cases(cases=cases[51:], **said)
    timed("submitted", lambda: submit_settlement(settlement=drawn, **asked))


def staff(campaign) -> None:
    """Posts that the rules speak of in every project, and a composite that pays or fines them."""
    from datetime import timedelta
    from decimal import Decimal

    from organization.models import Post, Project, User
    from organization.roles import Role
    from scoring.models import Standing

    start = campaign.phases.order_by("start").first().start
    roles = [Role.PROJECT_MANAGER, Role.DEPUTY_PROJECT_MANAGER, Role.DEPARTMENT_HEAD,
             Role.DEPARTMENT_HEAD, Role.TEAM_LEADER]  # fmt: skip
    places = [
        (project, role, number)
        for project in Project.objects.order_by("pk")
        for number, role in enumerate(roles)
    ]
    people = User.objects.bulk_create(
        (User(username=f"s{n:06}", name=f"s{n:06}") for n in range(len(places))), batch_size=BATCH
    )
    Post.objects.bulk_create(
        (
            Post(
                user=person, role=role, project=project, department=f"{number}",
                since=start + timedelta(days=9) if joins(project, number) else None,
            )
            for person, (project, role, number) in zip(people, places, strict=True)
        ),
        batch_size=BATCH,
    )  # fmt: skip
    standings = list(Standing.objects.filter(campaign=campaign))
    for standing in standings:
        standing.composite = Decimal(97 if standing.project_id % 2 else 70)
        standing.provisional = False
    Standing.objects.bulk_update(standings, ["composite", "provisional"], batch_size=500)


def joins(project, number: int) -> bool:
    return number == 2 and project.pk % JOINED == 0


def timed(word: str, act):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    begun, worked = time.perf_counter(), time.process_time()
    with CaptureQueriesContext(connection) as queries:
        result = act()
    spent, own = time.perf_counter() - begun, time.process_time() - worked
    print(f"{word}: {spent:.1f} s ({own:.1f} s of the processor), {len(queries)} queries")
    return result


if __name__ == "__main__":
    main()
