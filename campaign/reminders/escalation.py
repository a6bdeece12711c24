"""What stays undone goes to the next post up: who has to act, how late, told to whom.

Few compared with what is due, and a matter of who stands above whom, so they pass through
Python, a page at a time: memory does not grow with their number.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from itertools import groupby, islice

from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaign.models import Campaign, Reminder
from campaign.models.reminder_rules import RuleKind
from campaign.models.reminders import Delivery
from campaign.registry import kind_of, owed, words_in
from campaign.reminders.ladder import LADDER, Place, place_of, steps_above
from campaign.reminders.rules import Terms, code_of, escalations, speaking_moment
from campaign.reminders.speaking import IsoDay, Key
from campaign.reminders.ways import WAY
from campaign.telling import language_of
from organization.bulk import insert
from organization.models import Post, User
from organization.roles import PROJECT_ROLES

PAGE = 1000
COMPANY_LADDER = [role for role in LADDER if role not in PROJECT_ROLES]


@dataclass
class Late:
    """One thing that is late, and who has to act, each in a project or (None) in the company."""

    thing: str
    due: date
    owing: list[tuple[int, int | None]] = field(default_factory=list)

    @property
    def projects(self) -> set[int | None]:
        return {project for _person, project in self.owing}

    @property
    def people(self) -> frozenset[int]:
        return frozenset(person for person, _project in self.owing)


def escalate(
    campaign: Campaign, owing: Iterable[list[QuerySet]], terms: Terms, ways, begin, *, at: datetime
) -> int:
    """Add what has to be told to the next posts up and is not in the ledger; how many rows.

    Calls `begin` before it writes.
    """
    planned = 0
    company = company_ladder()
    for querysets in candidates(owing, terms, at=at):
        for page in pages(read_once(in_order(querysets), begin)):
            told = told_above(page, terms, company, at=at)
            planned += put(campaign, page, told, terms, ways, begin, at=at)
    return planned


def read_once(rows: QuerySet, begin) -> Iterable[dict]:
    """All rows by one statement: a few at once, many as they come, while others are written.

    What is written are rows of the ledger about things that were read already.
    """
    few = list(rows[: PAGE + 1])
    if len(few) <= PAGE:
        return few
    begin()  # reading would end with a transaction that began meanwhile
    return rows.iterator(chunk_size=PAGE)


def candidates(
    owing: Iterable[list[QuerySet]], terms: Terms, *, at: datetime
) -> Iterator[list[QuerySet]]:
    """What is so late that a step has come which the ledger has nothing of, source by source.

    Of several steps the last: those before it are told with it.
    """
    today, steps = terms.day_of(at), terms.days_of(RuleKind.ESCALATE)
    if not steps:
        return
    late = {days: Q(due__lte=today - timedelta(days)) for days in reversed(steps)}
    last_step = Case(
        *(When(so_late, then=Value(code_of(RuleKind.ESCALATE, n))) for n, so_late in late.items()),
        output_field=CharField(),
    )
    for querysets in owing:
        are_late = [rows.filter(late[steps[0]]).alias(step=last_step) for rows in querysets]
        yield [rows.filter(~told_already()) for rows in are_late]


def told_already() -> Exists:
    rows = Reminder.objects.exclude(delivery=Delivery.CANCELLED).filter(thing=OuterRef("thing"))
    return Exists(rows.filter(rule=OuterRef("step"), occurrence=IsoDay(OuterRef("due"))))


def in_order(querysets: list[QuerySet]) -> QuerySet:
    return querysets[0].union(*querysets[1:], all=True).order_by("thing")


def pages(rows: Iterable[dict]) -> Iterator[list[Late]]:
    """A page of whole things at a time, of rows in the order of things."""
    late = gathered(rows)
    while page := list(islice(late, PAGE)):
        yield page


def gathered(rows: Iterable[dict]) -> Iterator[Late]:
    for (thing, due), some in groupby(rows, key=lambda row: (row["thing"], row["due"])):
        owing = dict.fromkeys((row["person"], row["project"]) for row in some)
        yield Late(thing, due, list(owing))


# --- who stands above --------------------------------------------------------------------


def company_ladder() -> list[Place]:
    return places(Post.objects.of(*COMPANY_LADDER))


def places(posts: QuerySet[Post]) -> list[Place]:
    rows = posts.current().filter(user__is_active=True).order_by("pk")
    return [
        Place(*row)
        for row in rows.values_list("user_id", "role", "project_id", "department", "specialty_id")
    ]


def told_above(
    page: Collection[Late], terms: Terms, company: list[Place], *, at: datetime
) -> dict[tuple[str, int], str]:
    """The rule by which each person above is told of each thing: the last whose day has come."""
    people = {person for late in page for person in late.people}
    own = by(places(Post.objects.filter(user__in=people)), "person")
    projects = {project for late in page for _person, project in late.owing if project}
    projects |= {post.project for posts in own.values() for post in posts if post.project}
    staff = by(places(Post.objects.of(*LADDER).filter(project__in=projects)), "project")
    told: dict[tuple[str, int], str] = {}
    for late in page:
        come = escalations(terms, late.due, at)
        for person, project in late.owing:
            place = place_of(person, project, own.get(person, ()))
            if place is None:
                continue
            above = [*staff.get(place.project, ()), *company]
            steps = steps_above(place, above, late.people)
            for up, days in come if steps else ():
                # above the top there is nobody: who stands there is told again
                for boss in steps[min(up, len(steps)) - 1]:
                    told[late.thing, boss] = code_of(RuleKind.ESCALATE, days)
    return told


def by(posts: Iterable[Place], name: str) -> dict[int | None, list[Place]]:
    found: dict[int | None, list[Place]] = {}
    for post in posts:
        found.setdefault(getattr(post, name), []).append(post)
    return found


# --- into the ledger ---------------------------------------------------------------------

FIELDS = (
    *("campaign", "person", "thing", "rule", "occurrence", "channel", "robot", "body", "due"),
    *("not_before", "wanted_at", "delivery", "urgent", "title", "url", "attempts", "error"),
)
CONSTANT = (Delivery.WANTED, False, "", "", 0, "")
WANTED_AGAIN = """ON CONFLICT (person_id, thing, rule, occurrence, channel) DO UPDATE SET
delivery = excluded.delivery, wanted_at = excluded.wanted_at, not_before = excluded.not_before,
body = excluded.body, claim = NULL, claimed_at = NULL, error = ''
WHERE campaign_reminder.delivery = 'cancelled'"""


def put(campaign, page: list[Late], told, terms: Terms, ways, begin, *, at: datetime) -> int:
    """A row for each thing, person above and way that the ledger lacks; how many there were."""
    bosses = {boss for _thing, boss in told}
    people = User.objects.in_bulk({*bosses, *(each for late in page for each in late.people)})
    reached, of_thing = reached_by(ways, bosses), {late.thing: late for late in page}
    today = terms.day_of(at)

    @cache
    def not_before(due: date) -> datetime | None:
        moment = speaking_moment(terms, due, at)
        return moment if moment > at else None

    @cache
    def body(owing: frozenset[int], days: int, language: str) -> str:
        names = [str(people[person]) for person in sorted(owing)]
        return words_in(language, lambda: in_words(names, days))

    def rows() -> Iterator[tuple]:
        for (thing, boss), code in told.items():
            late = of_thing[thing]
            words = body(late.people, (today - late.due).days, language_of(people[boss]))
            for channel, robot, project in reached.get(boss, ()):
                if project is None or project in late.projects:
                    key = (campaign.pk, boss, thing, code, late.due.isoformat(), channel)
                    yield (*key, robot, words, late.due, not_before(late.due), at, *CONSTANT)

    lacking = list(rows())
    if lacking:
        begin()
    return insert(Reminder, FIELDS, lacking, on_conflict=WANTED_AGAIN)


def reached_by(ways: list[QuerySet], people: set[int]) -> dict[int, set[tuple]]:
    """Channel, robot and its project, of each way that reaches each of these people."""
    found: dict[int, set[tuple]] = {}
    for way in ways:
        for person, *how in way.filter(person__in=people).values_list(*WAY):
            found.setdefault(person, set()).add(tuple(how))
    return found


def in_words(names: list[str], days: int) -> str:
    sentence = ngettext(
        "由%(names)s负责，已逾期 %(days)d 天。", "由%(names)s负责，已逾期 %(days)d 天。", days
    )
    return sentence % {"names": _("、").join(names), "days": days}


# --- asked once more ---------------------------------------------------------------------


def told_above_now(
    campaign: Campaign, things: Collection[str], terms: Terms, *, at: datetime
) -> set[Key]:
    """The keys by which these things have to be told to the posts above at a moment."""
    company = company_ladder() if things else []
    found: set[Key] = set()
    for querysets in owed(campaign, at=at, kinds={kind_of(thing) for thing in things}):
        asked = [rows.filter(thing__in=things) for rows in querysets]
        for page in pages(in_order(asked)):
            told = told_above(page, terms, company, at=at)
            days = {late.thing: late.due.isoformat() for late in page}
            found |= {(boss, thing, code, days[thing]) for (thing, boss), code in told.items()}
    return found
