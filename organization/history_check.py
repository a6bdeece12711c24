"""What differs between the history and its seals; writes nothing.

A thousand rows at a time: memory does not grow with the history.
"""

from collections.abc import Iterator
from datetime import datetime

from organization import seals
from organization.digests import UnknownKey, fingerprint, loaded
from organization.history_marks import marks_of, words_mark
from organization.history_seals import KIND, LATE, SPINE, WORDS, span_of
from organization.models import HistoryEntry, Seal, SealChain
from organization.seals import Fault


def faults(*, at: datetime) -> Iterator[Fault]:
    """Everything that is wrong with the history and its chains; `about` is a row's number."""
    chains = {each.name: each for each in SealChain.objects.filter(name__startswith=SPINE)}
    for chain in chains.values():
        yield from seals.faults(chain)
    if spine := chains.get(SPINE):
        yield from spine_faults(spine, chains, at=at)


def spine_faults(spine: SealChain, chains: dict, *, at: datetime) -> Iterator[Fault]:
    """Batch by batch; what a batch does not list is late where a later one does, else put in."""
    strays: dict[int, datetime] = {}
    for seal in batches(spine):
        numbers: set[int] | None = set()
        for part, said in parts_of(seal, chains):
            if said is None:
                yield Fault("history_lost", KIND, f"{part.name} {seal.about}", seal.number)
                numbers = None
            else:
                yield from row_faults(spine, said)
                numbers = None if numbers is None else numbers | {int(pk) for pk in said["rows"]}
        if numbers is not None:
            strays |= dict.fromkeys(numbers_in(seal.about) - numbers, seal.sealed_at)
            for pk in numbers & strays.keys():
                del strays[pk]
    for pk in HistoryEntry.objects.filter(pk__lte=0).values_list("pk", flat=True):
        yield Fault("history_put_in", KIND, str(pk))
    for pk, sealed_at in strays.items():
        if sealed_at <= at - LATE:
            yield Fault("history_put_in", KIND, str(pk))


def parts_of(seal: Seal, chains: dict) -> Iterator[tuple[SealChain, dict | None]]:
    """A batch's rows in the spine and in each campaign's chain; None where a list is not whole."""
    said = content_of(seal)
    yield seal.chain, said
    for name, digest in said["parts"].items() if said else ():
        chain = chains.get(name) or SealChain(name=name)
        part = chain.pk and Seal.objects.filter(chain=chain, kind=KIND, about=seal.about).first()
        yield chain, content_of(part) if part and part.digest == digest else None


def chain_faults(chain: SealChain) -> Iterator[Fault]:
    """What is wrong with one chain and the rows that it lists; rows put in show in the whole."""
    yield from seals.faults(chain)
    spine = SealChain.objects.filter(name=SPINE).first()
    for seal in batches(chain):
        if (said := content_of(seal)) is None:
            yield Fault("history_lost", KIND, seal.about, seal.number)
        else:
            yield from row_faults(spine, said)


def batches(chain: SealChain) -> Iterator[Seal]:
    rows = Seal.objects.filter(chain=chain, kind=KIND).order_by("number")
    return rows.select_related("chain").iterator(chunk_size=1)


def content_of(seal: Seal) -> dict | None:
    """What a batch lists; None where it is not what was sealed."""
    return loaded(seal.content) if fingerprint(seal.content) == seal.digest else None


def numbers_in(about: str) -> set[int]:
    after, through = span_of(about)
    rows = HistoryEntry.objects.filter(pk__gt=after, pk__lte=through)
    return set(rows.order_by().values_list("pk", flat=True))


def row_faults(spine: SealChain | None, said: dict) -> Iterator[Fault]:
    """Rows of a batch that are gone, or say something else than they did.

    The application may have rewritten words since: the newest seal over them counts.
    """
    if said["rows"] and not seals.ring().knows(said["key"]):
        numbers = list(said["rows"])
        yield Fault("history_key", KIND, " – ".join(dict.fromkeys(numbers[:1] + numbers[-1:])))
        return
    rows = HistoryEntry.objects.in_bulk([int(pk) for pk in said["rows"]])
    rewritten = seals.in_force(spine, WORDS, said["rows"].keys()) if spine else {}
    for pk, marks in said["rows"].items():
        row = rows.get(int(pk))
        if row is None:
            yield Fault("history_deleted", KIND, pk)
        elif code := row_fault(row, marks, said["key"], rewritten.get(pk)):
            yield Fault(code, KIND, pk)


def row_fault(row: HistoryEntry, marks: list[str], key: str, rewritten: Seal | None) -> str:
    try:
        facts, words, where = marks_of(row, key)
        if rewritten:
            if (said := content_of(rewritten)) is None:
                return "history_changed"
            words, marks = words_mark(row, said["key"]), [marks[0], said["words"], marks[2]]
    except UnknownKey:
        return "history_key"
    # an address is erased after its time: that it is gone is no fault, that it is another one is
    same = (facts, words, where or marks[2]) == tuple(marks)
    return "" if same else "history_changed"
