"""A feed's address: its key, signed with the installation's secret.

Whoever has a copy of the database lacks the secret, and whoever guesses lacks both: what is not
signed is refused before the database is asked, in a time that tells nothing.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from campaign.models import CalendarFeed

# A new secret ends all addresses, unless the old one stays in SECRET_KEY_FALLBACKS.
SIGNER = Signer(salt="campaign.feeds", sep=".")
PADDING = "=="  # of sixteen bytes in base64


def token_of(feed: CalendarFeed) -> str:
    return SIGNER.sign(urlsafe_b64encode(feed.key.bytes).decode().rstrip("="))


def address_of(feed: CalendarFeed) -> str:
    return settings.SITE_URL + reverse("calendar", args=[token_of(feed)])


def feed_at(token: str) -> CalendarFeed | None:
    """The feed that an address opens; None where it opens nothing, for whatever reason.

    It was never one of ours, was revoked, its person has left, or may not see its project any
    more.
    """
    try:
        key = UUID(bytes=urlsafe_b64decode(SIGNER.unsign(token) + PADDING))
    except (BadSignature, ValueError):
        return None
    feeds = CalendarFeed.objects.open().select_related("person", "project")
    feed = feeds.filter(key=key).first()
    return feed if feed and feed.person.has_perm("campaign.read_feed", feed) else None
