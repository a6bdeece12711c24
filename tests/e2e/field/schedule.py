"""One schedule, drawn from a seed: entries on one or two phones, and what breaks meanwhile.

What was entered is what the page took and did not say it could not keep; `Diary` has all of it.
"""

import copy
import random
from collections import Counter

from tests.e2e.field.device import Device, picture
from tests.e2e.field.diary import Diary
from tests.e2e.field.network import EVENTS, FAULTS, PHOTOS, moment

STEPS = 24
DAY = 24 * 60 * 60 * 1000  # milliseconds
ENTRIES = {
    "observe": 30, "change": 25, "withdraw": 8, "photo": 20, "confirm": 6, "exclude": 6,
    "answer": 15,
}  # fmt: skip
RESULTS = ("right", "partly", "wrong")
# whatever breaks besides single requests
BREAKS = (
    "network away", "page killed", "browser killed", "browser closed", "clock wrong",
    "session expired", "two devices", "worker updated", "storage full", "storage full and killed",
)  # fmt: skip


class Schedule:
    def __init__(self, seed, *, browser, network, sheet, visit, asked, people, profile):
        """`asked`: whom the questions of `visit` are put to."""
        self.seed, self.dice = seed, random.Random(f"field {seed}")
        self.browser, self.network, self.sheet = browser, network, sheet
        self.people = people
        self.visit, self.asked = visit, asked
        self.drawn = [each for draw in visit.draws.all() for each in draw.drawn.all()]
        self.diary = Diary(sheet)
        self.faults, self.steps = Counter(), []
        self.items = list(sheet.rubric.items.order_by("order").prefetch_related("requirements"))
        first = Device(browser, network, sheet, people[0], profile=profile)
        self.furnish(first, self.items[8:14], (0, 1))
        self.devices = [first]

    def furnish(self, device, passing, requirements):
        """What this phone's person works on: no two decide whether an item applies."""
        device.passing = list(passing)
        rows = [list(item.requirements.all()) for item in self.items[:8]]
        device.rows = [row[place] for row in rows for place in requirements]

    # --- the course of it ------------------------------------------------------------------------

    def play(self):
        first = self.devices[0]
        first.open()
        breaks = self.breaks()
        # its worker goes by the real clock
        first.is_ready = "clock wrong" not in breaks
        if first.is_ready:
            first.get_ready(self.visit if "network away" in breaks else None)
        self.network.reset()
        at = sorted(self.dice.sample(range(4, STEPS), len(breaks)))
        for step in range(STEPS):
            if step in at:
                self.break_something(breaks.pop())
            elif self.dice.random() < 0.5:
                self.break_requests()
            if self.dice.random() < 0.15:
                self.network.is_deaf = not self.network.is_deaf  # a signal that comes and goes
            self.enter(self.dice.choice(self.devices))
        self.finish()

    def breaks(self) -> list:
        """Two in turn, so that any five schedules have all of them, and two more."""
        count = len(BREAKS)
        chosen = [BREAKS[(2 * self.seed + place) % count] for place in range(2)]
        chosen += self.dice.sample([name for name in BREAKS if name not in chosen], 2)
        self.dice.shuffle(chosen)
        return chosen

    def finish(self):
        photos = [fault for fault in self.network.plan[PHOTOS] if "silence" not in fault]
        self.network.let_through()
        self.network.plan[PHOTOS] = photos[:1]  # most are sent only now
        for device in self.devices:
            device.wait_until_sent()

    def close(self):
        for device in self.devices:
            device.close()

    def end(self):
        for device in self.devices:
            device.end()

    def told(self, folder) -> str:
        """How it stands, for whoever looks into one that failed."""
        network = self.network
        lines = [f"down {network.is_down}, deaf {network.is_deaf}, to come {dict(network.plan)}"]
        lines += [f"steps {self.steps}", f"faults {dict(self.all_faults)}", self.diary.told()]
        lines += [device.told(folder) for device in self.devices]
        return "\n".join([*lines, *self.network.log, *self.complaints, f"pictures in {folder}"])

    @property
    def complaints(self):
        return [text for device in self.devices for text in device.complaints]

    @property
    def figures(self) -> dict:
        told = self.network.figures
        return {
            "entries": len(self.diary.events),
            "photos": len(self.diary.photos),
            "answers": len(self.diary.answers),
            "not kept": len(self.diary.lost),
            "batches": told["batches"],
            "photo requests": told["photo requests"],
            "known": told["known"],
            "refused": told["refused"],
            "faults": sum(self.all_faults.values()),
        }

    @property
    def all_faults(self) -> Counter:
        return self.faults + self.network.faults

    # --- entries ---------------------------------------------------------------------------------

    def enter(self, device):
        moves = list(ENTRIES)
        move = self.dice.choices(moves, [ENTRIES[each] for each in moves])[0]
        self.steps.append(f"{moment()} {move}")
        if move == "answer" and self.answer(device):
            return None
        free = [row for row in device.rows if row.pk not in device.standing]
        taken = [row for row in device.rows if row.pk in device.standing]
        if move in ("confirm", "exclude") and device.passing:
            return self.judge(device, move)
        if move in ("change", "withdraw", "photo") and taken:
            return getattr(self, move)(device, self.dice.choice(taken))
        return self.observe(device, self.dice.choice(free)) if free else None

    def observe(self, device, row):
        entry = device.hand("tap", row.pk)
        told = {"do": "observe", "item": row.item_id, "requirement": row.pk, "replaces": None}
        self.diary.enter(device, entry, told)
        device.standing[row.pk] = entry["id"]

    def change(self, device, row):
        before = device.standing[row.pk]
        said = {
            "points": str(self.dice.randint(5, 20) / 10),
            "note": f"第 {len(self.diary.events)} 条，{self.dice.choice(['钥匙', '台账', '标识'])}",
        }
        entry = device.hand("type", row.pk, said)
        told = {"do": "observe", "item": row.item_id, "requirement": row.pk, "replaces": before}
        self.diary.enter(device, entry, told | said)
        device.standing[row.pk] = entry["id"]

    def withdraw(self, device, row):
        before = device.standing.pop(row.pk)
        entry = device.hand("tap", row.pk)
        self.diary.enter(device, entry, {"do": "withdraw", "observation": before})

    def photo(self, device, row):
        content = picture(self.dice)
        entry = device.photo(row.pk, f"现场{len(self.diary.photos)}.jpg", content)
        self.diary.picture(device, entry, content, device.standing[row.pk])

    def judge(self, device, move):
        item = device.passing.pop()
        if move == "confirm":
            entry = device.hand("move", item.code, "confirm")
            return self.diary.enter(device, entry, {"do": "confirm", "items": [item.pk]})
        note = f"本项目没有（{item.code}）"
        entry = device.hand("move", item.code, "not_applicable", note)
        told = {"do": "not_applicable", "item": item.pk, "note": note}
        return self.diary.enter(device, entry, told)

    def answer(self, device) -> bool:
        """Given at a post, or the correction of one; not where no question's page is there."""
        asking = device.asking
        drawn = self.dice.choice(self.drawn)
        mine = asking.standing.get(drawn.pk, [])
        former = self.dice.choice(mine) if mine and self.dice.random() < 0.4 else None
        if not asking.open(drawn, former) or asking.corrected not in (None, former):
            return False
        told = {
            "drawn": asking.drawn,
            "result": self.dice.choice(RESULTS),
            "person": self.dice.choice(self.asked).pk,
            "note": f"第 {len(self.diary.answers)} 答",
            "replaces": asking.corrected,
        }
        entry = asking.answer(told)
        self.diary.answer(device, entry, told)
        here = asking.standing.setdefault(told["drawn"], [])
        here[:] = [id for id in here if id != told["replaces"]] + [entry["id"]]
        assert asking.says_no_room() == device.is_full
        return True

    # --- what breaks -----------------------------------------------------------------------------

    def break_requests(self):
        kind = self.dice.choice((EVENTS, PHOTOS))
        faults = self.dice.choices(FAULTS, k=self.dice.randint(1, 2))
        self.network.plan[kind].extend(faults)

    def break_something(self, name):
        self.faults[name] += 1
        self.steps.append(f"{moment()} {name}")
        getattr(self, name.replace(" ", "_"))(self.devices[0])

    def open(self, device):
        device.open()
        self.compare(device)

    def compare(self, device):
        """The page shows what was entered here, sent or not."""
        device.page.wait_for_selector("#sync[data-state]", state="attached")
        shown = device.hand("shown", [row.pk for row in device.rows])
        assert shown == [device.standing.get(row.pk, False) for row in device.rows]

    def a_few(self, device):
        for _entry in range(self.dice.randint(1, 4)):
            self.enter(device)

    def network_away(self, device):
        """A sheet that was made ready is also opened again meanwhile."""
        self.network.is_down = True
        self.a_few(device)
        if device.is_ready:
            device.kill_page()
            self.open(device)
            self.a_few(device)
        self.network.is_down = False

    def page_killed(self, device):
        device.kill_page()
        self.open(device)

    def browser_killed(self, device):
        device.kill_browser()
        self.open(device)

    def browser_closed(self, device):
        device.close_browser()
        self.open(device)

    def clock_wrong(self, device):
        device.set_clock(self.dice.choice((-DAY, DAY)))

    def session_expired(self, device):
        device.context.clear_cookies(name="sessionid")
        self.a_few(device)
        device.page.goto(f"/accounts/login/?next={self.sheet.get_absolute_url()}")
        device.sign_in()
        self.compare(device)

    def two_devices(self, device):
        """A second phone: the same auditor's, or another's who notes the same requirements."""
        person = self.dice.choice(self.people)
        other = Device(self.browser, self.network, self.sheet, person)
        self.furnish(other, self.items[14:], (2,) if person == device.person else (0, 1))
        other.open()
        self.devices.append(other)
        self.a_few(other)

    def worker_updated(self, device):
        self.network.is_deaf = True
        self.a_few(device)
        self.network.worker += 1
        device.take_new_worker(self.network.worker)
        self.network.is_deaf = False

    def storage_full(self, device):
        """Somebody makes room while the page is still there; then all of it is kept, in order."""
        self.network.is_deaf = True
        device.set_full(True)
        self.a_few(device)
        device.set_full(False)
        self.a_few(device)
        device.page.wait_for_function("() => !outbox.fragile() && !outbox.busy()")
        device.asking.wait_until_kept()
        device.kill_page()
        self.open(device)
        self.network.is_deaf = False

    def storage_full_and_killed(self, device):
        """What the page said it could not keep is gone with it, and nothing else."""
        self.network.is_deaf = True
        before = dict(device.standing)
        passing = list(device.passing)
        answered = copy.deepcopy(device.asking.standing)
        kept = self.diary.mark()
        device.set_full(True)
        self.a_few(device)
        if self.diary.mark()[:2] != kept[:2]:
            device.page.wait_for_selector("#sync[data-state=fragile]", state="attached")
        device.kill_page()
        device.is_full = False  # the next page finds room
        self.diary.forget_since(kept)
        device.standing, device.passing = before, passing
        device.asking.standing = answered
        self.open(device)
        self.network.is_deaf = False
