"""What was entered, and whether the server has exactly that."""

import hashlib
import uuid
from collections import Counter
from decimal import Decimal

from inspections.models import (
    LateObservation,
    Observation,
    ObservationPhoto,
    PostAnswer,
    ReceivedEvent,
)
from inspections.words import ObservationKind as Kind
from organization.models import StoredFile
from tests.inspections.entering import points_so_far


class Diary:
    """Events, photos and answers in the order of their entry, by their ids."""

    def __init__(self, sheet):
        self.sheet = sheet
        self.events, self.photos, self.answers, self.lost = {}, {}, {}, set()

    def enter(self, device, entry, told):
        """`told` is what the person did; what the page made of it must say that."""
        event = entry["event"]
        found = {name: event[name] for name in told}
        assert found == told
        self.events[entry["id"]] = event | {"by": device.person.pk}

    def picture(self, device, entry, content, observation):
        digest = hashlib.sha256(content).hexdigest()
        assert (entry["photo"]["sha256"], entry["photo"]["observation"]) == (digest, observation)
        self.photos[entry["id"]] = (observation, digest)

    def answer(self, device, entry, told):
        body = entry["body"]
        assert {name: body.get(name) for name in told} == told
        self.answers[entry["id"]] = told | {"by": device.person.pk}

    def mark(self):
        return len(self.events), len(self.photos), len(self.answers)

    def forget_since(self, mark):
        """What was entered after that moment was never kept, and the page said so."""
        for rows, count in zip((self.events, self.photos, self.answers), mark, strict=True):
            for id in list(rows)[count:]:
                del rows[id]
                self.lost.add(id)

    def told(self) -> str:
        """What was entered and what the server has, by their ids."""
        there = [
            {str(pk) for pk in model.objects.values_list("pk", flat=True)}
            for model in (ReceivedEvent, ObservationPhoto, PostAnswer)
        ]
        rows = {"events": (self.events, there[0]), "answers": (self.answers, there[2])}
        lines = [f"{len(self.photos)} photos, {len(there[1])} on the server; not kept {self.lost}"]
        for name, (entered, known) in rows.items():
            lines += [f"{name} that only the server has: {known - entered.keys()}"]
            lines += [
                f"  {'' if id in known else 'NOT THERE '}{id} {entered[id]}" for id in entered
            ]
        return "\n".join(lines)

    # --- against the server ----------------------------------------------------------------------

    def check(self):
        received = ReceivedEvent.objects.values_list("pk", "by")
        assert dict(received) == {uuid.UUID(id): each["by"] for id, each in self.events.items()}
        assert not LateObservation.objects.exists()
        self.check_observations()
        self.check_photos()
        self.check_answers()
        points_so_far(self.sheet)

    def check_observations(self):
        names = ("kind", "item", "requirement", "points", "method", "note", "withdraws", "by")
        found = {}
        for row in Observation.objects.all():
            assert row.device and self.sheet.opened_at <= row.observed_at <= row.recorded_at
            values = [getattr(row, f"{name}_id", None) or getattr(row, name) for name in names]
            found[row.pk] = dict(zip(names, values, strict=True))
        expected = self.expected
        both = found.keys() | expected.keys()
        differing = [id for id in both if found.get(id) != expected.get(id)]
        assert not differing, [(found.get(id), expected.get(id)) for id in differing[:3]]

    @property
    def expected(self) -> dict:
        rows = {}
        codes = dict(self.sheet.rubric.items.values_list("pk", "code"))
        for id, event in self.events.items():
            own, by = uuid.UUID(id), event["by"]
            if event["do"] == "confirm":
                for item in event["items"]:
                    rows[uuid.uuid5(own, codes[item])] = seen(Kind.CONFORMS, item, by)
            elif event["do"] == "not_applicable":
                rows[own] = seen(Kind.NOT_APPLICABLE, event["item"], by, note=event["note"])
            elif event["do"] == "observe":
                asked = {"requirement": event["requirement"], "method": event["method"]}
                asked |= {"points": Decimal(event["points"]), "note": event["note"]}
                rows[own] = seen(Kind.MISSING, event["item"], by, **asked)
            if former := event.get("observation") or event.get("replaces"):
                about = {name: self.events[former][name] for name in ("item", "requirement")}
                taken_back = seen(Kind.WITHDRAWAL, by=by, withdraws=uuid.UUID(former), **about)
                rows[uuid.uuid5(own, "withdrawal")] = taken_back
        return rows

    def check_answers(self):
        """Each once, naming what it corrects, and when it was given by the server's clock."""
        found = {}
        for row in PostAnswer.objects.all():
            assert row.device_at and row.answered_at <= row.recorded_at
            found[str(row.pk)] = {
                "drawn": row.drawn_id, "result": row.result, "person": row.person_id,
                "note": row.note, "replaces": row.replaces_id and str(row.replaces_id),
                "by": row.by_id,
            }  # fmt: skip
        differing = [id for id in found | self.answers if found.get(id) != self.answers.get(id)]
        assert not differing, [(found.get(id), self.answers.get(id)) for id in differing[:3]]

    def check_photos(self):
        """Each once on the observation that it was taken for, and on what replaced that one."""
        after = {each["replaces"]: id for id, each in self.events.items() if each.get("replaces")}
        wanted = Counter()
        for observation, digest in self.photos.values():
            while observation:
                wanted[uuid.UUID(observation), digest] += 1
                observation = after.get(observation)
        found = ObservationPhoto.objects.values_list("observation", "file__sha256")
        assert Counter(found) == wanted
        files = Counter(StoredFile.objects.values_list("sha256", flat=True))
        assert files == Counter({digest: 1 for _id, digest in self.photos.values()})


def seen(kind, item, by, **more) -> dict:
    nothing = {"requirement": None, "points": None, "method": "", "note": "", "withdraws": None}
    return {"kind": kind, "item": item, "by": by} | nothing | more
