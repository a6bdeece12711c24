"""A phone with one sheet open, whose page, browser and network come to an end at any moment."""

import base64
import contextlib
import io
import os
import signal
import time
from pathlib import Path

from django.conf import settings
from django.test import Client
from PIL import Image
from playwright.sync_api import Error

from tests.browser import FLAGS, PHONE, PROGRAM, TELL_VIOLATIONS
from tests.cast import PASSWORD
from tests.e2e.field.asking import Asking
from tests.e2e.field.network import moment

HAND = Path(__file__).with_name("hand.js").read_text()
OPTIONS = PHONE | {
    "locale": "zh-CN",
    "timezone_id": "Asia/Shanghai",
    "service_workers": "allow",
}
IS_EMPTY = "async () => !(await outbox.all()).length && !outbox.busy()"
PATIENCE = 180  # seconds
# what a page shows and keeps; one that hangs says nothing
TOLD = """() => {
  const late = new Promise((done) => { setTimeout(done, 5000, "no answer"); });
  const parts = [...document.querySelectorAll("[role=alert], [role=status], .note, .pq-answer")];
  const shown = parts.filter((part) => part.checkVisibility());
  const short = (entry) => ({ ...entry, photo: Boolean(entry.photo) });
  const all = async () => (await window.outbox.all()).map(short);
  const kept = window.outbox && Promise.race([all(), late]);
  const facts = (kept) => JSON.stringify({
    at: location.href, state: document.readyState, full: window.hand?.isFull, kept,
    shows: shown.map((part) => [part.id, part.ariaBusy, part.innerText.trim().slice(0, 200)]),
  });
  return Promise.resolve(kept).then(facts);
}"""
# what a hand does comes to an end, also where the page no longer answers
BY_HAND = """([name, what, patience]) => Promise.race([
  hand[name](...what),
  new Promise((_, giveUp) => {
    const trouble = new Error(`nothing came of ${name} ${String(what[0])}`);
    setTimeout(() => giveUp(trouble), patience);
  }),
])"""
PATIENCE = 90_000  # milliseconds
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
        self.complaints, self.console = [], []
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
        self.context.set_default_timeout(PATIENCE)
        self.context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        self.context.on("console", lambda said: self.console.append(f"  {moment()} {said.text}"))
        self.context.add_init_script(TELL_VIOLATIONS)
        self.context.add_init_script(HAND)
        self.context.add_init_script(f"hand.shift = {self.shift};")
        self.asking.begin()

    def session(self) -> dict:
        client = Client()
        client.force_login(self.person)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        expires = time.time() + settings.SESSION_COOKIE_AGE
        where = {"url": self.network.url, "expires": expires}
        return {"name": cookie.key, "value": cookie.value} | where

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

    def keep_cookies(self):
        """As on a phone on which somebody signed in a while ago: a browser writes its cookies to
        the disk every half a minute, and when it ends.
        """
        self.close_browser()

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

    def end(self):
        """From another thread: whatever waits for the browser hears that it is gone."""
        if self.profile:
            with contextlib.suppress(AssertionError):
                os.kill(process_of(self.profile), signal.SIGKILL)

    def told(self, folder) -> str:
        """What its pages show and keep, for whoever looks into a schedule that failed; pictures of
        them go into `folder`.
        """
        room = "no room" if self.is_full else "room"
        lines = [f"{self.person}, {room}, clock {self.shift}, noted {self.standing}"]
        for name, page in (("sheet", self.page), ("question", self.asking.page)):
            try:
                lines.append(f"  {name}: {page.evaluate(TOLD)}")
                page.screenshot(path=folder / f"{self.person.username}-{name}.png", timeout=5000)
            except (Error, AttributeError) as trouble:
                lines.append(f"  {name}: {trouble}")
        return "\n".join([*lines, *self.console])

    # --- what a person does ----------------------------------------------------------------------

    def hand(self, name, *what):
        return self.page.evaluate(BY_HAND, [name, what, PATIENCE])

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
        self.wait_until(UPDATED, f"pinzhi-shell-{number}-")

    def wait_until_sent(self):
        """The network is back: everything goes, and the page says so."""
        self.is_full = False
        for tell in (self.asking.tell, self.page.evaluate):
            tell("hand.hurry = 1; hand.isFull = false")
            tell("dispatchEvent(new Event('online'))")
        self.asking.wait_until_kept()
        self.wait_until(IS_EMPTY)  # also of answers, of which the sheet's own mark says nothing
        self.page.wait_for_selector("#sync[data-state=saved]", state="attached")

    def wait_until(self, script, what=None):
        """What a promise resolves to; `wait_for_function` takes the promise itself for true."""
        give_up = time.monotonic() + PATIENCE
        while not self.says(script, what):
            assert time.monotonic() < give_up
            self.page.wait_for_timeout(50)

    def says(self, script, what):
        with contextlib.suppress(Error):  # the page may come anew
            return self.page.evaluate(script, what)
        return None


def process_of(profile) -> int:
    """The browser that works on this folder; its helpers have a type, and Debian starts it from a
    shell, which is not what is to be killed.
    """
    mark = f"--user-data-dir={profile}".encode()
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            words = path.read_bytes().split(b"\0")
            is_helper = any(word.startswith(b"--type=") for word in words)
            if mark in words and not is_helper and not words[0].endswith(b"/sh"):
                return int(path.parent.name)
    raise AssertionError(f"no browser on {profile}")


def picture(dice) -> bytes:
    """A small photo like no other."""
    image = Image.frombytes("RGB", (24, 16), dice.randbytes(24 * 16 * 3))
    out = io.BytesIO()
    image.resize((240, 160)).save(out, "JPEG", quality=80)
    return out.getvalue()
