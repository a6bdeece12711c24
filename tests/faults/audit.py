"""What arrived beside what the ledger says: the two have to agree on every single reminder."""

import email
import email.policy
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from campaign.models import Letter, Message, Reminder
from campaign.models.letters import LetterKind
from campaign.models.reminders import Channel, Delivery
from organization.models import Post
from tests.faults.rig import Rig
from tests.faults.stage import HAPPENING, Due, Stage

MAY_HAVE_ARRIVED = (Delivery.SENT, Delivery.UNKNOWN)
UNDER_WAY = (Delivery.WANTED, Delivery.SENDING)
MARKED = re.compile(r"\]\((http[^)]+)\)")
LINK = re.compile(r"^ +(http\S+)$", re.M)


@dataclass(frozen=True)
class Mail:
    """As the server got it: to whom, on which local day, with links to which things."""

    address: str
    day: date
    links: tuple[str, ...]


@dataclass
class Audit:
    """What came of all that was due; `twice`, `lost` and `wrong` are empty where all went well.

    `excused` are results for good beside sent and unknown that a test has given reason for.
    """

    stages: Sequence[Stage]
    rig: Rig
    excused: Collection[str] = ()
    twice: list = field(default_factory=list)
    lost: list = field(default_factory=list)
    wrong: list = field(default_factory=list)

    def __post_init__(self):
        self.rows = list(Reminder.objects.select_related("letter", "repeat_of", "person"))
        self.by_due: dict[Due, list[Reminder]] = defaultdict(list)
        for row in self.rows:
            self.by_due[row.person_id, row.thing, row.channel].append(row)
        self.due = set().union(*(stage.due for stage in self.stages))
        self.urls = {url: thing for stage in self.stages for url, thing in stage.urls.items()}
        self.people = {each.email: each.pk for stage in self.stages for each in stage.people}
        self.robots = {key: each for stage in self.stages for key, each in stage.robots.items()}
        self.zones = {each.pk: stage.zone for stage in self.stages for each in stage.people}
        posts = Post.objects.filter(project__in=[each.project for each in self.robots.values()])
        self.leaders = dict(posts.values_list("project", "user"))
        self.received = [self.read(*each) for each in self.rig.mails]
        self.check_that_all_were_told()
        self.check_rows()
        self.check_arrivals()
        self.check_inboxes()
        self.check_repeats()

    @property
    def figures(self) -> dict[str, int]:
        results = Counter(row.delivery for row in self.rows)
        done = {name: results[name] for name in ("sent", "unknown", "failed", "cancelled")}
        faults = {"twice": self.twice, "lost": self.lost, "wrong": self.wrong}
        return (
            {"due": len(self.due)}
            | done
            | {"repeats": sum(row.repeat_of_id is not None for row in self.rows)}
            | {name: len(found) for name, found in faults.items()}
        )

    def assert_clean(self) -> None:
        faults = {"twice": self.twice, "lost": self.lost, "wrong": self.wrong}
        assert not any(faults.values()), "\n".join(
            f"{name}: {len(found)}, e.g. {found[:3]}" for name, found in faults.items() if found
        )

    # --- the ledger ----------------------------------------------------------------------

    def check_that_all_were_told(self) -> None:
        enough = {*MAY_HAVE_ARRIVED, *self.excused}
        for due in self.due:
            if not any(row.delivery in enough for row in self.by_due[due]):
                self.lost.append((due, [row.delivery for row in self.by_due[due]]))

    def check_rows(self) -> None:
        for row in self.rows:
            is_for_later = row.not_before and row.not_before > self.rig.now
            if row.delivery in UNDER_WAY and not is_for_later:
                self.lost.append((row, row.delivery, "never came to its end"))
            if row.delivery not in (*MAY_HAVE_ARRIVED, *UNDER_WAY) and not row.error:
                self.wrong.append((row, row.delivery, "without a reason"))
            is_sent_out = row.channel != Channel.INBOX and row.delivery in MAY_HAVE_ARRIVED
            if is_sent_out and not row.letter:
                self.wrong.append((row, row.delivery, "without a letter"))

    def check_repeats(self) -> None:
        """One more, and only where nobody knows of the first."""
        repeated = {row.repeat_of_id for row in self.rows if row.repeat_of}
        for row in self.rows:
            if row.repeat_of and row.repeat_of.delivery != Delivery.UNKNOWN:
                self.wrong.append((row, "repeats", row.repeat_of.delivery))
            is_first = row.urgent and not row.repeat_of
            if is_first and row.delivery == Delivery.UNKNOWN and row.pk not in repeated:
                self.lost.append((row, "urgent, unknown and not repeated"))

    # --- what arrived --------------------------------------------------------------------

    def check_arrivals(self) -> None:
        arrived = Counter(self.lines())
        for due in self.by_due.keys() | arrived.keys():
            if due[2] == Channel.INBOX:
                continue
            results = Counter(row.delivery for row in self.by_due[due])
            sent, unknown = results[Delivery.SENT], results[Delivery.UNKNOWN]
            if arrived[due] < sent:
                self.lost.append((due, "sent", sent, "arrived", arrived[due]))
            if arrived[due] > sent + unknown:
                self.twice.append((due, dict(results), "arrived", arrived[due]))
        self.check_days()

    def check_days(self) -> None:
        """One digest a day, and nothing in it for the second time that day."""
        digests = [mail for mail in self.received if any(map(self.is_nudge, mail.links))]
        whose = Counter((mail.address, mail.day) for mail in digests)
        lines = Counter((mail.address, mail.day, link) for mail in digests for link in mail.links)
        self.twice += [(key, "digests", number) for key, number in whose.items() if number > 1]
        self.twice += [(key, "lines", number) for key, number in lines.items() if number > 1]

    def lines(self) -> Iterator[Due]:
        for mail in self.received:
            for link in mail.links:
                yield self.people.get(mail.address), self.urls.get(link, link), Channel.MAIL
        for _path, query, text in self.rig.messages:
            robot = self.robots[query["key"]]
            for link in MARKED.findall(text):
                thing = self.urls.get(urlsplit(link).path)
                if thing:  # else the way to the first page
                    yield self.leaders[robot.project_id], thing, robot.channel

    def is_nudge(self, link: str) -> bool:
        return not self.urls.get(link, HAPPENING).startswith(HAPPENING)

    def read(self, address: str, content: str) -> Mail:
        message = email.message_from_string(
            content.replace("\r\n", "\n"), policy=email.policy.default
        )
        text = message.get_body(["plain"]).get_content()
        sent_at = parsedate_to_datetime(message["Date"])
        links = [urlsplit(found).path for found in LINK.findall(text)]
        zone = self.zones[self.people[address]]
        return Mail(address, sent_at.astimezone(zone).date(), tuple(links))

    def check_inboxes(self) -> None:
        """A message for each letter, one digest a day, and one for each notice."""
        letters = Letter.objects.filter(channel=Channel.INBOX)
        silent = letters.filter(message=None, reminders__delivery=Delivery.SENT)
        self.lost += [(letter, "has no message") for letter in silent]
        digests = letters.filter(kind=LetterKind.DIGEST, message__isnull=False)
        counted = Counter(digests.values_list("person", "day"))
        self.twice += [(whose, "digests", n) for whose, n in counted.items() if n > 1]
        nudges = [row for row in self.rows if row.channel == Channel.INBOX and row.letter]
        said = Counter((row.person_id, row.thing, row.letter.day) for row in nudges)
        self.twice += [(what, "messages", n) for what, n in said.items() if n > 1]
        notices = Counter(Message.objects.filter(letter=None).values_list("person", "url"))
        self.twice += [(whose, "messages", n) for whose, n in notices.items() if n > 1]
