"""A real headless Chromium for tests, which fail on any error the browser reports."""

import os
import shutil

import pytest
from playwright.sync_api import expect, sync_playwright

# an answer over the network may take its time where two suites share two cores
expect.set_options(timeout=20_000)

# The one without windows, where it is there: the same pages for two thirds of the work.
PROGRAM = shutil.which("chromium-headless-shell") or shutil.which("chromium")
# Chromium without what needs a screen, a sandbox of its own, or the internet.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    # a camera that draws, and leave to use it
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]
# In each window Chromium draws suggestions under its address bar as two more pages, which nobody
# sees and which cost more than ours. Of several such lists the last counts: Playwright's follow.
OFF = "WebUIOmniboxPopup WebUIOmniboxAimPopup AvoidUnnecessaryBeforeUnloadCheckSync"
OFF += " DestroyProfileOnBrowserClose HttpsUpgrades HttpsFirstBalancedModeAutoEnable LensOverlay"
OFF += " MediaRouter PaintHolding ThirdPartyStoragePartitioning OptimizationHints AimEnabled"
OFF += " AvoidCorsURLLoaderRestartOnRedirect NetworkTimeServiceQuerying PreconnectToSearch"
FLAGS.append(f"--disable-features={','.join(OFF.split())}")
DESKTOP = {"viewport": {"width": 1440, "height": 900}}
PHONE = {
    "viewport": {"width": 360, "height": 780},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}
SCREENS = {"desktop": DESKTOP, "phone": PHONE}
TELL_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", event => console.error(
    `content policy: ${event.violatedDirective} blocks ${event.blockedURI || "inline"} `
    + `${event.sourceFile || ""} ${event.sample || ""}`));
"""


@pytest.fixture(scope="session")
def browser():
    # Playwright's loop runs in this thread, in which Django then refuses its ORM
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=PROGRAM, args=FLAGS)
        yield browser
        browser.close()


class Pages:
    """Opens pages, each in its own context (cookies, storage), and collects their complaints."""

    def __init__(self, browser, base_url):
        self.browser = browser
        self.base_url = base_url
        self.contexts = []
        self.complaints = []
        self.expected = []

    def __call__(self, screen="desktop", base_url=None, **options):
        """A new page as of a new person; `options` go to Playwright's new_context."""
        defaults = {
            "locale": "zh-CN",
            "timezone_id": "Asia/Shanghai",
            "service_workers": "block",
            "base_url": base_url or self.base_url(),
        }
        context = self.browser.new_context(**SCREENS[screen] | defaults | options)
        self.contexts.append(context)
        context.set_default_timeout(20_000)
        context.add_init_script(TELL_VIOLATIONS)
        context.on("console", self._on_console)
        context.on("weberror", lambda error: self.complaints.append(f"script: {error.error}"))
        return context.new_page()

    def expect(self, words):
        """A complaint with these words is what the test is about, e.g. "status of 403"."""
        self.expected.append(words)

    def _on_console(self, message):
        if message.type == "error":
            self.complaints.append(f"console: {message.text} ({message.location['url']})")

    @property
    def unexpected(self):
        return [
            text for text in self.complaints if not any(words in text for words in self.expected)
        ]

    def close(self):
        for context in self.contexts:
            # what the pages still have to say arrives with an answer to a question
            for page in context.pages:
                page.evaluate("1")
            context.close()


@pytest.fixture
def open_page(browser, request):
    """`open_page("phone")`: a page on the live server; the test fails on any complaint of it."""
    pages = Pages(browser, lambda: request.getfixturevalue("live_server").url)
    yield pages
    pages.close()
    assert not pages.unexpected, "\n".join(pages.unexpected)


@pytest.fixture
def page(open_page, request):
    """One page, on a desktop unless parametrized: parametrize("page", ["phone"], indirect=True)."""
    return open_page(getattr(request, "param", "desktop"))
