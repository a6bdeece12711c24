"""Headers that lie, and answers that a cache would keep for others."""

import pytest

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
ELSEWHERE = "elsewhere.example"
LIES = {
    "x-forwarded-host": ELSEWHERE,
    "x-host": ELSEWHERE,
    "forwarded": f"host={ELSEWHERE}",
    "x-forwarded-for": ELSEWHERE,
    "x-original-url": "/admin/",
    "x-rewrite-url": "/admin/",
    "x-http-method-override": "DELETE",
    "accept-language": f"<script>{ELSEWHERE}</script>",
    "x-request-id": f"<script>{ELSEWHERE}</script>",
    "user-agent": f"<script>{ELSEWHERE}</script>",
}
PAGES = 20
PRIVATE = {"private", "no-store", "no-cache"}


def test_no_answer_to_somebody_is_kept_for_others(answers, tried):
    """A cache on the way may keep none of them, whatever the address looks like."""
    kept = []
    for each in answers:
        said = {word.strip() for word in each.headers.get("Cache-Control", "").split(",")}
        is_private = said & PRIVATE or "Cookie" in each.headers.get("Vary", "")
        tried["answered"] += 1
        if "public" in said or not is_private:
            kept.append((each.place.name, said))
    assert kept == []


def test_headers_of_a_proxy_that_is_none_change_nothing(answers, chance, tried):
    for each in chance.sample(answers, PAGES):
        place = each.place
        lied = place.client.get(place.address, headers=LIES)
        tried["answered"] += 1
        assert lied.status_code == each.status, place
        assert ELSEWHERE not in str(lied.headers)
        assert lied.streaming or ELSEWHERE.encode() not in lied.content, place
