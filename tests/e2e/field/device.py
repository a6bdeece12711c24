"""A phone with one sheet open, whose page, browser and network come to an end at any moment."""

import base64
import contextlib
import io
import os
import signal
from pathlib import Path

from django.conf import settings
from django.test import Client
from PIL import Image
from playwright.sync_api import Error

from tests.browser import FLAGS, PHONE, PROGRAM, TELL_VIOLATIONS
from tests.cast import PASSWORD
from tests.e2e.field.asking import Asking

HAND = Path(__file__).with_name("hand.js").read_text()
OPTIONS = PHONE | {
    "locale": "zh-CN",
    "timezone_id": "Asia/Shanghai",
    "service_workers": "allow",
}
IS_EMPTY = "async () => !(await outbox.all()).length && !outbox.busy()"
TOLD = """async () => {
  const parts = [...document.querySelectorAll("[role=alert], [role=status], .note, .pq-answer")];
  const shown = parts.filter((part) => part.checkVisibility());
  const kept = window.outbox ? await outbox.all() : [];
  return JSON.stringify({
    at: location.href, state: document.readyState, full: window.hand?.isFull,
    shows: shown.map((part) => [part.id, part.ariaBusy, part.innerText.trim().slice(0, 200)]),
    kept: kept.map((entry) => ({ ...entry, photo: Boolean(entry.photo) })),
  });
}"""
UPDATED = "name => caches.keys().then(names => names.some(each => each.startsWith(name)))"
UPDATE = "navigator.serviceWorker.ready.then(each => each.update())"


class Device:
    """`profile`: a folder, for a browser of its own that is killed and started again; without one
    it is a window of a browser that others share.
    """

    def __init__(self, browser, network, sheet, person, *, profile=None):
        self.browser, self.network, self.profile = browser, network, profile
        self.sheet, self.person = sheet, person
        self.standing = {}  # {requirement: id of what this device noted there}
        self.complaints = []
        self.shift, self.is_full = 0, False
        self.asking = Asking(self)
        self.context = self.page = None
        self.start()
        self.context.add_cookies([self.session()])

    # --- the browser ---------------------------------------------------------------------------

    def start(self):
        options = OPTIONS | {"base_url": self.network.url}
        if self.profile:
            launch = self.browser.browser_type.launch_persistent_context
            self.context = launch(self.profile, executable_path=PROGRAM, args=FLAGS, **options)
        else:
            self.context = self.browser.new_context(**options)
        self.context.set_default_timeout(90_000)
        self.context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        self.context.add_init_script(TELL_VIOLATIONS)
        self.context.add_init_script(HAND)
        self.context.add_init_script(f"hand.shift = {self.shift};")
        self.asking.begin()

    def session(self) -> dict:
        client = Client()
        client.force_login(self.person)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        return {"name": cookie.key, "value": cookie.value, "url": self.network.url}

    def open(self):
        """The sheet, signed in where that is asked for."""
        self.page = self.context.new_page()
        self.page.goto(self.sheet.get_absolute_url(), wait_until="domcontentloaded")
        if self.page.get_by_label("密码").count():
            self.sign_in()
        self.page.wait_for_selector("#sync[data-state]", state="attached")

    def sign_in(self):
        self.page.get_by_label("用户名").fill(self.person.username)
        self.page.get_by_label("密码").fill(PASSWORD)
        self.page.get_by_role("button", name="登录").click()
        self.page.wait_for_url(f"**{self.sheet.get_absolute_url()}")

    def kill_page(self):
        """As a phone does that needs the room: nothing of the page runs any more."""
        with contextlib.suppress(Error):
            self.page.goto("chrome://crash")
        self.page.close()
        self.asking.kill()

    def kill_browser(self):
        os.kill(process_of(self.profile), signal.SIGKILL)
        with contextlib.suppress(Error):
            self.context.close()
        self.start()

    def close_browser(self):
        self.context.close()
        self.start()

    def close(self):
        self.context.close()

    def told(self) -> str:
        """What its pages show and keep, for whoever looks into a schedule that failed."""
        lines = [f"{self.person}, {'no room' if self.is_full else 'room'}"]
        for name, page in (("sheet", self.page), ("question", self.asking.page)):
            with contextlib.suppress(Error):
                said = page.evaluate(TOLD) if page and not page.is_closed() else "no page"
                lines.append(f"  {name}: {said}")
        return "\n".join(lines)

    # --- what a person does ----------------------------------------------------------------------

    def hand(self, name, *what):
        return self.page.evaluate("([name, what]) => hand[name](...what)", [name, what])

    def photo(self, key, name, content):
        return self.hand("photo", key, name, base64.b64encode(content).decode())

    @property
    def state(self):
        return self.page.locator("#sync").get_attribute("data-state")

    def set_clock(self, shift):
        """Milliseconds by which its clock is wrong from now on."""
        self.shift = shift
        self.page.evaluate("shift => { hand.shift = shift; }", shift)
        self.asking.tell("shift => { hand.shift = shift; }", shift)
        self.context.add_init_script(f"hand.shift = {shift};")

    def set_full(self, is_full):
        self.is_full = is_full
        self.page.evaluate("isFull => { hand.isFull = isFull; }", is_full)
        self.asking.tell("isFull => { hand.isFull = isFull; }", is_full)

    def get_ready(self, visit=None):
        """The sheet, and a visit with its questions."""
        if visit:
            self.page.goto(visit.get_absolute_url())
            self.make_ready()
            self.asking.is_packed = True
            self.page.goto(self.sheet.get_absolute_url())
            self.page.wait_for_selector("#sync[data-state]", state="attached")
        self.make_ready()

    def make_ready(self):
        self.page.locator("[data-prepare]").click()
        self.page.wait_for_selector(".ready[data-state=done]", state="attached")

    def take_new_worker(self, number):
        self.page.evaluate(UPDATE)
        self.page.wait_for_function(UPDATED, arg=f"pinzhi-shell-{number}-")

    def wait_until_sent(self):
        """The network is back: everything goes, and the page says so."""
        self.is_full = False
        for tell in (self.asking.tell, self.page.evaluate):
            tell("hand.hurry = 1; hand.isFull = false")
            tell("dispatchEvent(new Event('online'))")
        self.asking.wait_until_kept()
        self.page.wait_for_function(IS_EMPTY, timeout=180_000)
        self.page.wait_for_selector("#sync[data-state=saved]", state="attached")


def process_of(profile) -> int:
    """The browser that works on this folder; its helpers have a type."""
    mark = f"--user-data-dir={profile}".encode()
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            words = path.read_bytes().split(b"\0")
            if mark in words and not any(word.startswith(b"--type=") for word in words):
                return int(path.parent.name)
    raise AssertionError(f"no browser on {profile}")


def picture(dice) -> bytes:
    """A small photo like no other."""
    image = Image.frombytes("RGB", (24, 16), dice.randbytes(24 * 16 * 3))
    out = io.BytesIO()
    image.resize((240, 160)).save(out, "JPEG", quality=80)
    return out.getvalue()
