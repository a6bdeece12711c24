"""Seals on what results are made of, in chains: what was changed past the application is found.

A chain is a list of seals, each over its content and its predecessor; its head covers how many
there are. So a seal that is changed, taken out, put in or moved breaks the chain, and nobody can
make a new one without the key. The keys stand in EVIDENCE_KEYS, the newest first; an embedded
installation that sets none has one that follows from its own SECRET_KEY.

Whoever writes something that is sealed calls `append` in the same transaction (most through
`campaign.seals.seal`); nothing is sealed by a signal or by save().
"""

from base64 import urlsafe_b64decode
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from organization.digests import Keyring, UnknownKey, canonical, fingerprint
from organization.models import Seal, SealChain

PURPOSE = b"pinzhi: seals of evidence"

BATCH = 500
LONG = 100_000  # letters of a content that is written by itself


@dataclass(frozen=True)
class Fault:
    """What is wrong with a chain, by code; `kind` and `about` name what was sealed."""

    code: str
    kind: str = ""
    about: str = ""
    number: int = 0


# --- keys --------------------------------------------------------------------------------


def ring() -> Keyring:
    """The keys of this installation."""
    return ring_of(tuple(settings.EVIDENCE_KEYS), settings.SECRET_KEY)


@cache
def ring_of(keys: tuple[str, ...], secret: str) -> Keyring:
    # config.settings refuses a production installation without keys
    return Keyring([urlsafe_b64decode(key) for key in keys] or [derived(secret)])


def derived(secret: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(secret.encode())


# --- writing -----------------------------------------------------------------------------


def begin(name: str) -> SealChain:
    """An empty chain, held until the transaction ends."""
    return SealChain.objects.create(name=name, head=head_of(name, 0, ""))


def hold(name: str) -> SealChain | None:
    """The chain, held until the transaction ends; None where nothing is sealed yet."""
    return SealChain.objects.select_for_update().filter(name=name).first()


def append(
    chain: SealChain, contents: Iterable[tuple[str, str, object]], *, at: datetime
) -> list[Seal]:
    """Seal what these things say now: kind, what of that kind, and its content.

    `chain` must be held. A thing that was sealed before is so anew: of the older seal the digest
    stays, its content is dropped.
    """
    is_new = not chain.length
    rows = [next_seal(chain, kind, about, canonical(said), at) for kind, about, said in contents]
    chain.head = head_of(chain.name, chain.length, chain.tip)
    if not is_new:
        drop_older(chain, rows)
    keep_seals(rows)
    chain.save(update_fields=["length", "tip", "head"])
    return rows


def keep_seals(rows: Sequence[Seal]) -> None:
    """Short ones together. A long one goes by itself: several rows are sent to PostgreSQL as
    arrays, and spelling one with a text of nine million letters takes 500 MB.
    """
    Seal.objects.bulk_create([row for row in rows if len(row.content) <= LONG], batch_size=BATCH)
    for row in rows:
        if len(row.content) > LONG:
            row.save(force_insert=True)


def drop_older(chain: SealChain, rows: Sequence[Seal]) -> None:
    """Of the seals that these replace only the digest stays; a query for some hundred of a kind."""
    abouts: dict[str, list[str]] = {}
    for row in rows:
        abouts.setdefault(row.kind, []).append(row.about)
    for kind, named in abouts.items():
        for start in range(0, len(named), BATCH):
            older = Seal.objects.filter(
                chain=chain, kind=kind, about__in=named[start : start + BATCH]
            )
            older.exclude(content="").update(content="")


def next_seal(chain: SealChain, kind: str, about: str, content: str, at: datetime) -> Seal:
    chain.length += 1
    row = Seal(
        chain=chain,
        number=chain.length,
        kind=kind,
        about=about,
        content=content,
        digest=fingerprint(content),
        sealed_at=at,
    )
    row.mac = chain.tip = ring().seal(*parts_of(row, chain.name, chain.tip))
    return row


def parts_of(row: Seal, name: str, before: str) -> tuple:
    """What a seal is over; `before` is its predecessor's."""
    return ("seal", name, row.number, row.kind, row.about, row.digest, row.sealed_at, before)


def head_of(name: str, length: int, tip: str) -> str:
    return ring().seal(*head_parts(name, length, tip))


def head_parts(name: str, length: int, tip: str) -> tuple:
    return ("chain", name, length, tip)


# --- checking ----------------------------------------------------------------------------


def verdict(seal: str, *parts) -> str:
    """ "" when it is the seal of these values, else the code of what is wrong."""
    try:
        return "" if ring().holds(seal, *parts) else "broken"
    except UnknownKey:
        return "key" if seal else "unsealed"


def faults(chain: SealChain) -> Iterator[Fault]:
    """Everything that is wrong with the chain itself, seal by seal; memory does not grow."""
    before, number = "", 0
    rows = Seal.objects.filter(chain=chain).order_by("number").defer("content")
    for number, row in enumerate(rows.iterator(chunk_size=500), 1):
        if row.number != number:
            yield Fault("chain_order", row.kind, row.about, row.number)
            return
        if wrong := verdict(row.mac, *parts_of(row, chain.name, before)):
            yield Fault(f"seal_{wrong}", row.kind, row.about, row.number)
        before = row.mac
    wrong = verdict(chain.head, *head_parts(chain.name, chain.length, chain.tip))
    if wrong or (chain.length, chain.tip) != (number, before):
        yield Fault("chain_key" if wrong == "key" else "chain_length", number=number)


# --- on paper ----------------------------------------------------------------------------


def printed(chain: SealChain) -> str:
    """The chain's head as documents and letters name it: how many seals, and the last one's mark.

    Whoever has it on paper can see later whether the chain still goes through it.
    """
    return f"{chain.length}-{paper_mark(chain.tip)}"


def paper_mark(mac: str) -> str:
    return fingerprint(mac)[:16].upper()


def head_faults(chain: SealChain, text: str) -> Iterator[Fault]:
    """Whether the chain goes through a head that was printed."""
    number, _dash, mark = text.strip().upper().partition("-")
    at = int(number) if number.isdecimal() else 0
    seal = Seal.objects.filter(chain=chain, number=at).first()
    if seal is None:
        yield Fault("head_cut", number=at)
    elif paper_mark(seal.mac) != mark:
        yield Fault("head_other", number=at)


def in_force(chain: SealChain, kind: str, abouts: Collection[str] | None = None) -> dict[str, Seal]:
    """The newest seal of each thing of a kind, of all or of those asked for."""
    rows = Seal.objects.filter(chain=chain, kind=kind)
    if abouts is not None:
        rows = rows.filter(about__in=abouts)
    newest = dict(rows.order_by("number").values_list("about", "pk"))
    found = Seal.objects.filter(pk__in=newest.values())
    return {row.about: row for row in found}


def abouts(chain: SealChain, kind: str) -> Iterator[str]:
    """The keys of all things of a kind that were ever sealed."""
    rows = Seal.objects.filter(chain=chain, kind=kind).order_by()
    return rows.values_list("about", flat=True).distinct().iterator()
