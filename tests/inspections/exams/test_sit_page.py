"""Sitting an exam on its page: nothing is lost, and nothing tells what is right."""

import json
from datetime import timedelta

import pytest

from inspections.exam.sitting import hand_in
from inspections.models import Attempt, Question
from inspections.models.exams import GRACE
from tests.inspections.examining import (
    AFTER,
    BEFORE,
    DURING,
    JSON,
    LIST,
    address,
    begun,
    body,
    online,
    seat,
    tap,
)

KEY = ("先问候，再询问需求。", "当日受理，24 小时内回复。")  # explanations that tell what is right


def sitting(signed, company, **options):
    held = online(company, **options)
    client = signed("clerk")
    client.post(address(held, "sit"))
    return held, client


def send(client, held, *taps):
    return client.post(address(held, "answers"), {"tap": taps}, headers=JSON)


def test_the_paper_is_begun_answered_and_handed_in(signed, company, clock):
    held, client = sitting(signed, company)
    page = body(client.get(address(held, "sit")))
    assert "接待来访客户，第一步做什么？" in page and 'data-left="1800"' in page
    answer = send(client, held, "1:0:200", "2:0,2:0").json()
    assert answer == {"chosen": {"1": [0], "2": [0, 2], "3": []}, "left": 1800}
    response = client.post(address(held, "hand-in"), follow=True)
    assert "<h1>50 分，不及格</h1>" in body(response)
    assert client.get(address(held, "sit")).status_code == 302


def test_without_a_script_the_whole_form_is_saved_and_handed_in(signed, company, clock):
    held, client = sitting(signed, company)
    whole = {"asked": ["1", "2", "3"], "q1": "0", "q2": ["0", "2", "3"], "q3": "0"}
    client.post(address(held, "answers"), whole | {"do": "save"})
    assert body(client.get(address(held, "sit"))).count(" checked") == 5
    response = client.post(address(held, "answers"), whole | {"do": "hand_in"}, follow=True)
    assert "100 分，及格" in body(response)


def test_time_that_is_up_shows_the_result_without_anybody_handing_in(signed, company, clock):
    held, client = sitting(signed, company)
    send(client, held, "1:0:0")
    deadline = Attempt.objects.get().deadline
    clock(deadline)
    assert client.get(address(held, "sit")).status_code == 302
    assert send(client, held, "3:0:0").status_code == 200  # on its way when the time was up
    clock(deadline + GRACE + timedelta(seconds=1))
    refused = send(client, held, "2:0:0")
    assert (refused.status_code, refused.json()["over"]) == (422, True)
    assert "66.67 分" in body(client.get(address(held)))


def test_nobody_begins_early_or_without_an_invitation(signed, company, clock):
    held = online(company)
    clock(BEFORE)
    response = signed("clerk").post(address(held, "sit"), follow=True)
    assert "考试还没有开始" in body(response) and not Attempt.objects.exists()
    clock(DURING)
    for who in ("lead", "center", "manager", "worker"):
        assert signed(who).post(address(held, "sit")).status_code == 404


def test_nothing_is_saved_where_nothing_was_begun(signed, company, clock):
    held = online(company)
    client = signed("clerk")
    assert client.get(address(held, "sit")).status_code == 302
    assert send(client, held, "1:0:0").status_code == 404


@pytest.mark.parametrize("garbage", ["x", "1:0", "1:9:0", "1:-1:0", "1:0:soon", "99:0:0"])
def test_garbage_from_a_page_is_refused_with_words(signed, company, clock, garbage):
    held, client = sitting(signed, company)
    answer = send(client, held, garbage)
    assert answer.status_code == 422 and answer.json()["error"]
    assert not Attempt.objects.get().answers.exclude(chosen="").exists()


# --- what is right is not told -------------------------------------------------------------


def said_while_it_runs(client, held):
    """Everything that whoever sits an exam is told before it is over."""
    pages = [client.get(address(held, *more)) for more in ([], ["sit"], ["review"])]
    pages.append(send(client, held, "1:1:0", "2:0:0", "3:1:0"))
    pages.append(client.post(address(held, "hand-in"), follow=True))
    pages.append(client.get(LIST))
    return "\n".join(map(body, pages))


@pytest.mark.parametrize("shuffled", [True, False])
def test_no_page_and_no_answer_tells_what_is_right_before_the_end(signed, company, clock, shuffled):
    held, client = sitting(signed, company, is_shuffled=shuffled)
    said = said_while_it_runs(client, held)
    assert not any(words in said for words in KEY)
    for word in ("is-right", "explanation", "earned", '"answer"', "ACD"):
        assert word not in said


def test_paper_and_saving_do_not_hang_on_the_key(signed, company, clock):
    """With another key not a byte of the questions and of the script's answer is different."""
    held, client = sitting(signed, company)

    def told():
        page = body(client.get(address(held, "sit")))
        start = page.index('<ol class="asked-list">')
        return page[start : page.index("</ol>", start)], json.dumps(
            send(client, held, "1:1:0").json()
        )

    told()
    before = told()
    Question.objects.filter(kind="single").update(answer="B", explanation="别的")
    assert told() == before


def test_the_right_answers_are_shown_once_the_window_has_closed(signed, company, clock):
    held, client = sitting(signed, company)
    send(client, held, "1:1:0")
    client.post(address(held, "hand-in"))
    assert client.get(address(held, "review")).status_code == 302
    clock(AFTER)
    page = body(client.get(address(held, "review")))
    assert KEY[0] in page and page.count("is-right") == 5 and page.count("is-wrong") == 1
    assert client.get(address(held, "review") + "?attempt=nonsense").status_code == 200


def test_nobody_sees_anothers_answers(signed, company, clock):
    held = online(company)
    attempt = tap(begun(held, company.clerk_two), 1, 0)
    hand_in(attempt=attempt, by=company.clerk_two, at=DURING)
    clock(AFTER)
    for who in ("clerk", "manager", "lead", "center"):
        assert signed(who).get(address(held, "review")).status_code == 302


# --- once more -----------------------------------------------------------------------------


def test_another_attempt_is_allowed_on_the_page_with_a_reason(signed, company, clock):
    held = online(company)
    hand_in(attempt=begun(held, company.clerk), by=company.clerk, at=DURING)
    client, mine = signed("lead"), seat(held, company.clerk)
    response = client.post(address(held, "move"), {"do": f"again:{mine.pk}", "reason": ""})
    assert response.status_code == 422 and "写明为什么再给一次机会" in body(response)
    client.post(address(held, "move"), {"do": f"again:{mine.pk}", "reason": "手机没电"})
    for target in ("99999", "nonsense", ""):
        nobody = {"do": f"again:{target}", "reason": "x"}
        assert client.post(address(held, "move"), nobody).status_code == 404
    assert "可以开始考试了" in body(signed("clerk").get(address(held)))
