"""History sealed in batches: a row that is changed, deleted, put in or moved later shows.

One chain (organization.seals) is the spine: each of its seals covers the next rows of history by
their numbers and names the batches that went to other chains, one for each campaign. A batch
keeps three marks of each row, keyed, so that nobody without the key can try names against them:
what happened (people by their ids), its words, and the network address. Words are rewritten and
addresses taken out by organization.history_words alone; anything else that differs is a fault.

The spine is held first and nothing is waited for after these chains, so this comes last.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from organization import seals
from organization.digests import canonical, fingerprint, loaded
from organization.history_marks import marks_of
from organization.models import HistoryEntry, Seal, SealChain

SPINE = "history"
KIND, WORDS = "history", "history_words"
BATCH = 1000
# A row has its number before its transaction ends: what turns up in a gap of a batch this young
# was only late, and is sealed with the next; what comes into an older one was put in.
LATE = timedelta(hours=1)
# To which chain things' rows belong: (content type, ids) -> {id: name of the chain}. Filled by
# the app that knows campaigns; what nobody names stays in the spine.
CHAIN_OF: list[Callable[[ContentType, Sequence[str]], dict[str, str]]] = []


def seal_history(*, at: datetime) -> int:
    """Seal all rows that are not yet, a thousand in each transaction; how many that were."""
    total = sealed = seal_batch(at=at, late=True)
    while sealed:
        total += (sealed := seal_batch(at=at))
    return total


@transaction.atomic
def seal_batch(*, at: datetime, late: bool = False) -> int:
    """Seal the next thousand rows; how many that were. Holds the spine to the transaction's end.

    With `late` also those whose transactions ended after rows with higher numbers were sealed.
    """
    spine = held(SPINE)
    after = sealed_through(spine)
    strays = late_rows(spine, at=at) if late else []
    rows = list(HistoryEntry.objects.filter(pk__gt=after).order_by("pk")[:BATCH])
    if not rows and not strays:
        return 0
    through = rows[-1].pk if rows else after
    batches = {name: batch_of(own) for name, own in by_chain(strays + rows).items()}
    about = f"{after}-{through}-{spine.length + 1}"
    said = batches.pop(SPINE, batch_of([])) | {
        "after": after,
        "through": through,
        "count": len(rows),
        "late": [row.pk for row in strays],
        "parts": {name: fingerprint(canonical(own)) for name, own in batches.items()},
    }
    for name, own in batches.items():
        seals.append(held(name), [(KIND, about, own)], at=at)
    seals.append(spine, [(KIND, about, said)], at=at)
    return len(strays) + len(rows)


def held(name: str) -> SealChain:
    """The chain, held until the transaction ends; begun where it is not there."""
    if chain := seals.hold(name):
        return chain
    try:
        with transaction.atomic():
            return seals.begin(name)
    except IntegrityError:  # somebody else has just begun it
        return seals.hold(name)


def batch_of(rows: Sequence[HistoryEntry]) -> dict:
    key = seals.ring().newest
    return {"key": key, "rows": {str(row.pk): marks_of(row, key) for row in rows}}


def by_chain(rows: Sequence[HistoryEntry]) -> dict[str, list[HistoryEntry]]:
    """The rows of each chain; one query for each kind of thing."""
    of_kind: dict[int, list[str]] = {}
    for row in rows:
        of_kind.setdefault(row.content_type_id, []).append(row.object_id)
    named: dict[tuple[int, str], str] = {}
    for kind, ids in of_kind.items():
        for name in CHAIN_OF:
            found = name(ContentType.objects.get_for_id(kind), ids)
            named |= {(kind, pk): chain for pk, chain in found.items()}
    chains: dict[str, list[HistoryEntry]] = {}
    for row in rows:
        name = named.get((row.content_type_id, row.object_id), SPINE)
        chains.setdefault(name, []).append(row)
    return chains


def sealed_through(spine: SealChain) -> int:
    """The number of the last row that is sealed; 0 before any is."""
    last = Seal.objects.filter(chain=spine, kind=KIND).order_by("-number").first()
    return loaded(last.content)["through"] if last else 0


def unsealed() -> QuerySet[HistoryEntry]:
    """Rows that no batch has reached yet."""
    spine = SealChain.objects.filter(name=SPINE).first()
    return HistoryEntry.objects.filter(pk__gt=sealed_through(spine) if spine else 0)


def late_rows(spine: SealChain, *, at: datetime) -> list[HistoryEntry]:
    young = Seal.objects.filter(chain=spine, kind=KIND, sealed_at__gt=at - LATE)
    strays: list[HistoryEntry] = []
    taken: set[int] = set()
    spans: list[tuple[str, int]] = []
    for seal in young.order_by("number").iterator(chunk_size=1):
        said = loaded(seal.content)
        taken.update(said["late"])
        spans.append((seal.about, said["count"]))
    for about, count in spans:
        after, through = span_of(about)
        rows = HistoryEntry.objects.filter(pk__gt=after, pk__lte=through).order_by("pk")
        if rows.count() > count:
            known = taken | listed(about)
            strays += [row for row in rows if row.pk not in known]
    return strays


def span_of(about: str) -> tuple[int, int]:
    """After which row a batch begins, and with which it ends."""
    after, through, _number = about.split("-")
    return int(after), int(through)


def listed(about: str) -> set[int]:
    """The numbers of the rows that a batch covers, in whichever chains its parts are."""
    contents = Seal.objects.filter(kind=KIND, about=about).values_list("content", flat=True)
    return {int(pk) for content in contents for pk in loaded(content)["rows"]}
