"""Something urgent happens to many people, whom mails have to tell of it (no quiet hours do).

python -m tests.deploy.notices NUMBER
"""

import os
import re
import sys
from collections import Counter
from pathlib import Path

import django
from celery import Celery
from django.utils import timezone

from tests.faults.house import wait_for

THING, WHO = "happening", "told"
TO = re.compile(rf"^To: ({WHO}-\d+)@", re.M)
ROWS = """
SELECT username, delivery, repeat_of_id IS NOT NULL FROM campaign_reminder reminder
JOIN organization_user person ON person.id = person_id
WHERE channel = 'mail' AND starts_with(thing, 'happening:')
"""
INBOX = """
SELECT username FROM campaign_message JOIN organization_user person ON person.id = person_id
WHERE starts_with(username, 'told-')
"""
# What a worker that is dead held is taken up ten minutes later.
TEN_MINUTES = """
UPDATE campaign_reminder SET claimed_at = claimed_at - interval '11 minutes',
begun_at = begun_at - interval '11 minutes' WHERE delivery IN ('wanted', 'sending')
"""
UNDER_WAY = {"wanted", "sending"}


def main(number: int):
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from campaign.models import Campaign
    from campaign.telling import News, tell_each
    from organization.models import User

    campaign = Campaign.objects.get(code="c11")
    people = User.objects.bulk_create(
        User(username=f"{WHO}-{n}", name=f"某人{n}", email=f"{WHO}-{n}@example.test")
        for n in range(number)
    )
    news = [
        News(
            [person], campaign, f"{THING}:{n}", "happened", f"某事{n}", f"/happened/{n}/", "", True
        )
        for n, person in enumerate(people)
    ]
    tell_each(news, at=timezone.now())


class Notices:
    """What became of them: in the ledger, in inboxes, and in the folder that mails go to."""

    def __init__(self, site, ask, number: int):
        self.ask, self.number = ask, number
        self.folder = Path(site.environment["DATA_DIR"], "mail")
        self.broker = Celery(broker=site.environment["BROKER_URL"])
        site.run("python", "-m", "tests.deploy.notices", str(number))

    @property
    def arrived(self) -> Counter:
        texts = [path.read_text(errors="replace") for path in self.folder.glob("*.log")]
        return Counter(name for text in texts for name in TO.findall(text))

    def ring(self):
        self.broker.send_task("campaign.tasks.tick")

    def wait_for(self, number: int):
        wait_for(lambda: self.arrived.total() >= number, f"{number} mails", every=0.01)

    def pass_ten_minutes(self):
        """While no worker lives."""
        self.ask(TEN_MINUTES + " RETURNING id")

    def settle(self):
        """By ticks; what may not have arrived is said once more."""
        for _again in range(2):
            self.ring()
            wait_for(self.is_over, "every notice comes to its end", every=0.5)

    def is_over(self) -> bool:
        return not UNDER_WAY & {delivery for _who, delivery, _repeat in self.ask(ROWS)}

    def figures(self) -> dict[str, int]:
        """As a row of the table has them; what is lost or came twice fails."""
        rows, arrived = self.ask(ROWS), self.arrived
        sent = Counter(who for who, delivery, _repeat in rows if delivery == "sent")
        unknown = Counter(who for who, delivery, _repeat in rows if delivery == "unknown")
        people = {f"{WHO}-{n}" for n in range(self.number)}
        assert {*sent, *unknown} == people
        assert {delivery for _who, delivery, _repeat in rows} <= {"sent", "unknown"}
        twice = {who: arrived[who] for who in people if arrived[who] > sent[who] + unknown[who]}
        lost = {who: arrived[who] for who in people if arrived[who] < sent[who]}
        assert (twice, lost) == ({}, {})
        assert sorted(who for (who,) in self.ask(INBOX)) == sorted(people)
        assert all(who in unknown for who, _delivery, is_repeat in rows if is_repeat)
        return {
            "reminders due": self.number,
            "sent": sum(not repeat for _w, delivery, repeat in rows if delivery == "sent"),
            "unknown": unknown.total(),
        }


if __name__ == "__main__":
    main(int(sys.argv[1]))
