"""Planning of reminders at size, beside the bare SQL insert-select that does the same.

    python -m bench.reminders [--projects 10000] [--due 50000] [--rounds 5]

A campaign of 10,000 projects that owe 13 milestones each (130,000 obligations), of which as many
are due as give 50,000 rows in the ledger: every project's manager is told by inbox and by mail.
Planning and the bare statements take turns on the same empty ledger and must leave the same keys;
medians are quoted. The database is that of DATABASE_URL, else an embedded one in a new folder.

The marks: planning takes at most three times the bare statements, and as much memory for 50,000
rows as for 5,000 (a process for each, so that one's peak does not hide the other's).
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import tracemalloc
from datetime import datetime, timedelta
from pathlib import Path

LIMIT_RATIO, LIMIT_MB = 3.0, 8.0
MILESTONES = 13
BATCH = 2000
# Due dates by days from now, and the rule that speaks of each (on plain days).
AHEAD = {-1: "after-1", 0: "on-0", 1: "before-1", 3: "before-3", 7: "before-7"}
FAR = 90
COLUMNS = """campaign_id, person_id, thing, rule, occurrence, channel, robot_id, due, not_before,
wanted_at, delivery, urgent, title, body, url, attempts, error"""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.reminders", description=__doc__)
    parser.add_argument("--projects", type=int, default=10_000)
    parser.add_argument("--due", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--step", choices=["fill", "memory", "time"], help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.step:
        print(json.dumps(in_process(options)))
        return 0
    with tempfile.TemporaryDirectory(prefix="pinzhi-bench-") as folder:
        run(folder, "fill", options.projects, options.due, options.rounds)
        few = run(folder, "memory", options.projects, options.due // 10, 1)
        many = run(folder, "memory", options.projects, options.due, 1)
        return show(run(folder, "time", options.projects, options.due, options.rounds), few, many)


def run(folder: str, step: str, projects: int, due: int, rounds: int) -> dict:
    env = os.environ | {"DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "config.settings"}
    command = [sys.executable, "-m", "bench.reminders", "--step", step]
    command += ["--projects", str(projects), "--due", str(due), "--rounds", str(rounds)]
    root = Path(__file__).parent.parent
    done = subprocess.run(  # noqa: S603 our own command
        command, env=env, check=True, stdout=subprocess.PIPE, cwd=root
    )
    return json.loads(done.stdout.splitlines()[-1])


def show(times: dict, few: dict, many: dict) -> int:
    ratio = times["plan"] / times["bare"]
    grown = max(many[way] - few[way] for way in ("traced", "resident"))
    print(f"| {times['vendor']}, {times['rows']:,} rows | mark | figure |\n| --- | --- | ---: |")
    print(f"| bare insert-select | | {times['bare']:.2f} s |")
    print(f"| planning | ≤ {LIMIT_RATIO:.0f}× | {ratio:.2f}× ({times['plan']:.2f} s) |")
    print(f"| planning with nothing new | | {times['idle']:.2f} s |")
    print(f"| asking once more of 50 people's rows | | {times['holding'] * 1000:.0f} ms |")
    print(f"| {times['escalated']:,} rows told to the posts above | | {times['above']:.2f} s |")
    for way, word in (("traced", "Python's memory"), ("resident", "the process's peak")):
        print(f"| {word}, {few['rows']:,} rows | | {few[way]:.1f} MB |")
        print(f"| {word}, {many['rows']:,} rows | flat | {many[way]:.1f} MB |")
    missed = [f"planning takes {ratio:.1f} times the bare statements"] * (ratio > LIMIT_RATIO)
    missed += [f"memory grows by {grown:.1f} MB"] * (grown > LIMIT_MB)
    print("\n" + ("; ".join(missed) or "All marks are met."))
    return 1 if missed else 0


# --- in a process of its own ---------------------------------------------------------------


def in_process(options) -> dict:
    import django  # after the settings are named

    django.setup()
    if options.step == "fill":
        fill(options.projects, options.due)
        return {}
    bench = Bench(options.due)
    return bench.memory() if options.step == "memory" else bench.times(options.rounds)


def now() -> datetime:
    """A Wednesday noon without public holidays around it: every rule's day is its own."""
    from django.utils import timezone

    return timezone.make_aware(datetime(2026, 7, 15, 12))


def fill(projects: int, due: int) -> None:
    from django.contrib.auth.hashers import make_password
    from django.core.management import call_command

    from campaign.models import Campaign, Milestone, Obligation, Participation, Phase
    from campaign.words import Scope
    from organization.models import Post, Project, User
    from organization.roles import Role

    call_command("migrate", verbosity=0)
    at = now()
    started = {"created_at": at, "approved_at": at, "started_at": at}
    campaign = Campaign.objects.create(code="bench", title="品质提升", year=2026, **started)
    far = at.date() + timedelta(days=FAR)
    phase = Phase.objects.create(
        campaign=campaign, code="whole", name="整段", order=1, start=far, end=far
    )
    made = Project.objects.bulk_create(
        (
            Project(code=f"B{n:05}", name=f"项目{n:05}", region=f"{n % 8}区")
            for n in range(projects)
        ),
        batch_size=BATCH,
    )
    Participation.objects.bulk_create(
        (Participation(campaign=campaign, project=each) for each in made), batch_size=BATCH
    )
    password = make_password("bench")
    names = ["center", "executive", *(f"pm{n:05}" for n in range(projects))]
    people = User.objects.bulk_create(
        (
            User(username=name, name=name, email=f"{name}@example.test", password=password)
            for name in names
        ),
        batch_size=BATCH,
    )
    posts = [
        Post(user=people[0], role=Role.MANAGEMENT_CENTER),
        Post(user=people[1], role=Role.EXECUTIVE),
    ]
    for project, person in zip(made, people[2:], strict=True):
        posts.append(Post(user=person, role=Role.PROJECT_MANAGER, project=project))
        posts.append(Post(user=person, role=Role.EMPLOYEE, project=project))
    Post.objects.bulk_create(posts, batch_size=BATCH)
    milestones = [
        Milestone.objects.create(
            campaign=campaign, phase=phase, code=f"m{n}", title=f"节点{n}", due=far,
            scope=Scope.PROJECT, owner=Role.PROJECT_MANAGER, order=n,
        )
        for n in range(MILESTONES)
    ]  # fmt: skip
    owed = (
        Obligation(campaign=campaign, milestone=milestone, project=project, due=far)
        for milestone in milestones
        for project in made
    )
    Obligation.objects.bulk_create(owed, batch_size=BATCH)


class Bench:
    """Half as many obligations as rows are due, in turn by each of the plan's rules."""

    def __init__(self, rows: int):
        from django.db import connection

        from campaign.models import Campaign

        self.connection = connection
        self.rows = rows
        self.at = now()
        self.campaign = Campaign.objects.get()
        self.make_due(AHEAD)

    def make_due(self, ahead) -> None:
        today = self.at.date()
        obligations = self.campaign.obligations
        obligations.update(due=today + timedelta(days=FAR))
        ids = list(obligations.order_by("pk").values_list("pk", flat=True)[: self.rows // 2])
        share = -(-len(ids) // len(ahead))
        for number, days in enumerate(ahead):
            some = ids[number * share : (number + 1) * share]
            if some:
                mine = obligations.filter(pk__gte=some[0], pk__lte=some[-1])
                mine.update(due=today + timedelta(days=days))
        self.empty()

    def empty(self) -> None:
        from campaign.models import Reminder

        Reminder.objects.all()._raw_delete(Reminder.objects.db)
        with self.connection.cursor() as cursor:
            cursor.execute("ANALYZE")

    def plan(self) -> int:
        from campaign.reminders.planning import plan_round

        return plan_round(at=self.at)

    # --- memory ---

    def memory(self) -> dict:
        """Megabytes above what a round takes that finds nothing to do."""
        self.plan(), self.plan()
        self.empty()
        idle = peak()
        planned = self.plan()
        resident = peak() - idle
        self.empty()
        tracemalloc.start()
        self.plan()
        traced = tracemalloc.get_traced_memory()[1] / 1024**2
        tracemalloc.stop()
        self.empty()
        return {"rows": planned, "resident": resident, "traced": traced}

    # --- time ---

    def times(self, rounds: int) -> dict:
        spent: dict[str, list[float]] = {"bare": [], "plan": [], "idle": []}
        for number in range(rounds + 1):
            some = {"bare": timed(self.bare)}
            bare = self.keys()
            self.empty()
            some["plan"] = timed(self.plan)
            if self.keys() != bare or len(bare) != self.rows:
                raise SystemExit("planning does not do what the bare statements do")
            some["idle"] = timed(self.plan)
            for name, seconds in some.items():
                spent[name] += [seconds] * bool(number)  # the first round only warms up
            holding = self.holding()
            self.empty()
        found = {name: statistics.median(values) for name, values in spent.items()}
        escalated, above = self.above()
        return found | {
            "rows": self.rows,
            "vendor": "PostgreSQL" if self.connection.vendor == "postgresql" else "SQLite",
            "holding": holding,
            "escalated": escalated,
            "above": above,
        }

    def keys(self) -> set[tuple]:
        with self.connection.cursor() as cursor:
            cursor.execute(
                "SELECT person_id, thing, rule, occurrence, channel FROM campaign_reminder"
            )
            return set(cursor.fetchall())

    def bare(self) -> None:
        """What somebody would write by hand who knows that only obligations are due today."""
        today = self.at.date()
        cases = " ".join(
            f"WHEN o.due <= '{today + timedelta(days=days)}' THEN '{code}'"
            for days, code in AHEAD.items()
        )
        is_embedded = self.connection.vendor == "sqlite"
        day = "CAST(o.due AS text)" if is_embedded else "to_char(o.due, 'YYYY-MM-DD')"
        never = "FALSE"
        moment = self.at.astimezone().isoformat(sep=" ")
        for channel, reached in (("inbox", "TRUE"), ("mail", "u.email <> ''")):
            sql = f"""
            INSERT INTO campaign_reminder ({COLUMNS})
            SELECT o.campaign_id, u.id, 'obligation:' || o.id, CASE {cases} END, {day},
            '{channel}', NULL, o.due, NULL, '{moment}', 'wanted', {never}, '', '', '', 0, ''
            FROM campaign_obligation o
            JOIN organization_post p ON p.project_id = o.project_id AND p.until IS NULL
            AND p.role IN ('project_manager', 'deputy_project_manager')
            JOIN organization_user u ON u.id = p.user_id AND u.is_active
            WHERE o.campaign_id = {self.campaign.pk} AND o.submitted_at IS NULL
            AND o.accepted_at IS NULL AND o.due <= '{today + timedelta(days=7)}' AND {reached}
            ON CONFLICT DO NOTHING"""  # noqa: S608 dates and ids of our own
            with self.connection.cursor() as cursor:
                cursor.execute(sql)

    def holding(self) -> float:
        """Asking once more about the rows of fifty people, as delivery does for each batch."""
        from campaign.models import Reminder
        from campaign.reminders.holding import still_owed

        people = list(
            Reminder.objects.order_by("person").values_list("person", flat=True).distinct()[:50]
        )
        rows = list(Reminder.objects.filter(person__in=people, channel="mail"))
        seconds = timed(lambda: still_owed(rows, at=self.at))
        if len(still_owed(rows, at=self.at)) != len(rows):
            raise SystemExit("what was just planned does not hold")
        return seconds

    def above(self) -> tuple[int, float]:
        """All of it three days late at once: every thing goes to the next post up."""
        from campaign.models import Reminder

        self.make_due([-3])
        seconds = timed(self.plan)
        told = Reminder.objects.filter(rule__startswith="escalate").count()
        return told, seconds


def timed(work) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def peak() -> float:
    """The most memory that this process has held so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    sys.exit(main())
