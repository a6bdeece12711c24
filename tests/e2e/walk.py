"""A walk through the demo as one person: the menu's pages, and what their lists lead to."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve
from playwright.sync_api import Page, Response

# Not pages: documents to download, and the admin site, which is Django's own.
LEAVE_OUT = {
    "file", "league_excel", "settlement_excel", "settlement_pdf", "rubric_excel", "rubric_blank",
    "sheet_blank", "matrix_excel", "training_sheet", "training_excel", "honesty_excel",
    "sheet_signed_pdf",
    "case_excel", "exam_results_excel", "exam_report", "question_excel", "findings_excel",
    "plans_excel", "plan_pdf", "plan_word", "seminar_paper", "summary_paper", "logout",
    "calendar", "ledger_excel", "reminder_state_data", "appeals_excel", "auditors_excel",
    "audit_visits_excel", "post_answers_excel", "post_questions_excel",
    "callbacks_excel",
    "league_pdf", "briefing_deck", "notice_person", "notice_project", "notices_zip",
    "notice_template_word", "notice_template_preview",
}  # fmt: skip
# The menu and whose page it is; the page's own buttons; of each list the first link.
LINKS = """
() => {
  const first = (list) => list.querySelector("a[href]");
  const groups = "main ul, main ol, main tbody, main section";
  const lists = [...document.querySelectorAll(groups)].map(first);
  const frame = "header nav a, header .me a, .sec-tabs a, main .head a, main .jumps a";
  const own = [...document.querySelectorAll(frame)];
  return [...own, ...lists.filter(Boolean)].map((link) => link.href);
}
"""


def pages(page: Page) -> Iterator[tuple[str, Response]]:
    """Opens each kind of page once, as far as its links lead; yields its name and the answer."""
    waiting, seen = ["/"], set()
    while waiting:
        address = waiting.pop(0)
        name = name_of(address)
        if not name or name in seen:
            continue
        seen.add(name)
        answer = page.goto(address)
        there = name_of(page.url)  # an address may lead on, as to one's own project's plan
        if there == name or there not in seen:
            seen.add(there)
            yield there, answer
        host = urlsplit(page.url).netloc
        waiting += [link for link in page.evaluate(LINKS) if urlsplit(link).netloc == host]


def name_of(address: str) -> str:
    """The name of an address in the product, empty for what is no page of it."""
    try:
        found = resolve(urlsplit(address).path)
    except Resolver404:
        return ""
    is_ours = found.namespace != "admin" and found.url_name not in LEAVE_OUT
    return found.url_name if is_ours else ""
