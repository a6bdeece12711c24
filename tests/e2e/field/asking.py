"""A second page on the phone, with a question that was drawn for a post."""

import time
from contextlib import suppress
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Error

AT_REST = """() => {
  const form = document.querySelector(".pq-answer");
  return document.readyState === "complete" && (!form || form.ariaBusy !== "true");
}"""
PATIENCE = 60  # seconds


class Asking:
    """Its page stays open between two answers, so that a signal may drop on it. `standing`:
    {question that was drawn: ids of what this device noted and did not correct}.
    """

    def __init__(self, device):
        self.device = device
        self.page = None
        self.is_packed = False
        self.standing = {}
        self.noted = []

    def begin(self):
        """With the browser, which tells of each answer that its page puts into the outbox."""
        self.page = None
        self.device.context.expose_binding("tellAnswer", lambda _source, it: self.noted.append(it))

    def open(self, drawn, former=None) -> bool:
        """Whether a question is there to be answered: this one, or the answer to it that is to be
        corrected, where its page can come; else a question that was left open.
        """
        if self.may_go():
            self.go(drawn.get_absolute_url() + (f"?correct={former}" if former else ""))
        return self.is_there()

    def may_go(self) -> bool:
        """Nobody leaves a page that says it alone has something, or that could not come again."""
        if self.device.network.is_down and not self.is_packed:
            return False
        return not self.is_there() or not self.said("outbox.fragile()")

    @property
    def drawn(self) -> int:
        return int(self.page.locator(".pq-answer").get_attribute("data-drawn"))

    @property
    def corrected(self) -> str | None:
        return parse_qs(urlsplit(self.page.url).query).get("correct", [None])[0]

    def says_no_room(self) -> bool:
        return self.page.locator("#answer-no-room").is_visible()

    def go(self, address):
        if not self.page or self.page.is_closed():
            self.page = self.device.context.new_page()
        with suppress(Error):
            self.page.goto(address, wait_until="domcontentloaded")
            self.page.evaluate("isFull => { hand.isFull = isFull; }", self.device.is_full)

    def is_there(self) -> bool:
        if not self.page or self.page.is_closed():
            return False
        with suppress(Error):
            return self.page.locator(".pq-answer").count() > 0
        return False

    def answer(self, said) -> dict:
        """What the page made of it, once it is kept or said not to be and the page is at rest."""
        count = len(self.noted)
        with suppress(Error):  # on to the next question
            self.page.evaluate("said => { hand.answer(said); }", said)

        def is_noted():
            if len(self.noted) == count and self.came_anew() and len(self.noted) == count:
                self.tap_again(said)
            return len(self.noted) > count

        self.wait_until(is_noted)
        self.wait_until(lambda: self.page.evaluate(AT_REST))
        return self.noted[-1]

    def came_anew(self) -> bool:
        """Whether the page loaded itself once more in the very moment of the tap."""
        return self.page.evaluate(AT_REST) and not self.page.evaluate("Boolean(hand.isTapped)")

    def tap_again(self, said):
        """What was typed has to be there by itself; the tap is all that is to be repeated, unless
        the page went before the hand had typed at all.
        """
        if self.page.evaluate("sessionStorage.getItem('typed by hand')") != said["note"]:
            self.page.evaluate("isFull => { hand.isFull = isFull; }", self.device.is_full)
            return self.page.evaluate("said => { hand.answer(said); }", said)
        found = self.page.evaluate("hand.typed()")
        assert found == {name: said[name] for name in found}
        tap = "isFull => { hand.isFull = isFull; hand.tapAnswer(); }"
        return self.page.evaluate(tap, self.device.is_full)

    def said(self, script):
        """What its page answers, also where it is just coming anew."""
        answers = []
        self.wait_until(lambda: not answers.append(self.page.evaluate(script)))
        return answers[0]

    def wait_until(self, is_so):
        give_up = time.monotonic() + PATIENCE
        while not self.is_true(is_so):
            assert time.monotonic() < give_up
            self.page.wait_for_timeout(20)

    def is_true(self, is_so) -> bool:
        try:
            return is_so()
        except Error:  # between two pages
            return False

    def tell(self, script, *what):
        """To a page that may be on its way to another."""
        if self.page and not self.page.is_closed():
            with suppress(Error):
                self.page.evaluate(script, *what)

    def wait_until_kept(self):
        if self.is_there():
            self.tell("dispatchEvent(new Event('online'))")
            self.wait_until(lambda: self.page.evaluate("!window.outbox?.fragile()"))

    def kill(self):
        if self.page and not self.page.is_closed():
            with suppress(Error):
                self.page.goto("chrome://crash")
            self.page.close()
        self.page = None
