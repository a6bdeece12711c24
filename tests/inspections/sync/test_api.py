"""The same through the API: who may, what a client gets to read, how it is told no."""

import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.test import Client
from django.utils import timezone

from inspections.models import Observation
from organization.tokens import make_token
from portal.api.auth import THROTTLE, PersonThrottle
from tests.inspections.entering import item, missing, opened
from tests.inspections.sync.sending import body, event, post
from tests.queries import queries_of


@pytest.fixture
def sheet(company):
    return opened(company)


@pytest.fixture
def auditor(client, company):
    client.force_login(company.auditor)
    return client


def told(response):
    """What a problem says."""
    assert response["Content-Type"] == "application/problem+json"
    said = response.json()
    assert said["status"] == response.status_code
    return response.status_code, said["code"], said["field"]


def test_a_batch_is_answered_with_receipts_and_the_running_points(auditor, sheet):
    sent = event(sheet)
    answer = post(auditor, "events", body([sent])).json()
    assert [(each["id"], each["outcome"]) for each in answer["receipts"]] == [
        (sent["id"], "recorded")
    ]
    (points,) = answer["sheets"]
    assert (points["id"], points["looked_at"], points["is_submitted"]) == (sheet.pk, 1, False)
    assert float(points["kept"]) == 23.5


def test_a_stranger_is_asked_to_sign_in(client, sheet):
    assert told(post(client, "events", body([event(sheet)]))) == (401, "unauthorized", "")
    assert not Observation.objects.exists()


def test_a_reader_has_the_event_refused(client, company, sheet):
    client.force_login(company.executive)
    answer = post(client, "events", body([event(sheet)])).json()
    assert answer["receipts"][0]["code"] == "no_sheet" and answer["sheets"] == []


def test_a_session_needs_its_csrf_token(company, sheet):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(company.auditor)
    refused = post(strict, "events", body([event(sheet)]))
    assert told(refused)[:2] == (403, "csrf")
    assert refused.cookies["csrftoken"].value, "with which it comes again"


def test_too_many_events_are_too_large(auditor, sheet):
    batch = body([event(sheet, n) for n in range(201)])
    assert told(post(auditor, "events", batch))[:2] == (413, "too_large")


def test_a_body_beyond_the_limit_is_too_large(auditor, sheet):
    batch = body([event(sheet, note="x" * 17_000_000)])
    assert told(post(auditor, "events", batch))[:2] == (413, "too_large")


def test_a_note_of_ten_megabytes_comes_back_refused(auditor, sheet):
    batch = body([event(sheet, note="x" * 10 * 2**20), event(sheet, 2)])
    receipts = post(auditor, "events", batch).json()["receipts"]
    assert [each["outcome"] for each in receipts] == ["refused", "recorded"]


@pytest.mark.parametrize("said", [{}, {"events": []}, {"sent_at": 5}, {"device": "x"}])
def test_a_batch_that_is_none_is_told_its_field(auditor, sheet, said):
    batch = body([event(sheet)]) | said if said else {}
    status, _code, field = told(post(auditor, "events", batch))
    assert (status, field) == (422, next(iter(said), "device"))


@pytest.mark.parametrize(
    ("language", "lacks", "long"),
    [
        ("zh-hans", "“device”：缺少这一项。", "“ids”：太多，最多 1000 项。"),
        ("en", "“device”: it is missing.", "“ids”: too many, at most 1000."),
    ],
)
def test_what_does_not_fit_is_said_in_the_readers_language(
    client, company, sheet, language, lacks, long
):
    company.auditor.language = language
    company.auditor.save(update_fields=["language"])
    client.force_login(company.auditor)
    missing = post(client, "events", {"sent_at": "x", "events": []}).json()
    assert (missing["detail"], missing["code"]) == (lacks, "missing")
    many = post(client, "receipts", {"ids": [str(uuid.uuid4())] * 1001}).json()
    assert (many["detail"], many["code"]) == (long, "too_long")


def test_threads_count_apart_whose_requests_they_are(rf, company):
    throttle = PersonThrottle("9999/m")
    mine, theirs = rf.get("/"), rf.get("/")
    mine.auth, theirs.auth = company.auditor, company.center
    assert throttle.allow_request(mine)
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(throttle.allow_request, theirs).result()
    assert throttle.key == throttle.get_cache_key(mine)


def test_what_is_no_json_what_is_not_there_and_what_is_not_asked_so(auditor):
    bad = auditor.post("/api/v1/events", "{", content_type="application/json")
    assert told(bad)[0] == 400
    assert told(auditor.post("/api/v1/events", "x", content_type="text/plain"))[0] == 415
    assert told(auditor.post("/api/v1/events", {"a": "form"}))[0] == 415
    assert told(auditor.get("/api/v1/nothing"))[0] == 404
    wrong = auditor.get("/api/v1/events")
    assert (told(wrong)[0], wrong["Allow"]) == (405, "POST")


def test_receipts_say_what_of_ones_own_is_on_record(client, auditor, company, sheet):
    mine, absent = event(sheet), str(uuid.uuid4())
    post(auditor, "events", body([mine]))
    asked = {"ids": [mine["id"], absent]}
    answer = post(auditor, "receipts", asked).json()
    assert [(each["id"], each["sheet"]) for each in answer["events"]] == [(mine["id"], sheet.pk)]
    client.force_login(company.center)
    assert post(client, "receipts", asked).json() == {
        "events": [],
        "photos": [],
        "late": [],
        "answers": [],
    }


def test_a_project_sees_its_submitted_sheets_only(client, company, sheet):
    address = "/api/v1/sheets?campaign=c11"
    client.force_login(company.manager)
    assert client.get(address).json() == {"sheets": [], "more": False}
    client.force_login(company.executive)
    (listed,) = client.get(address).json()["sheets"]
    assert (listed["id"], listed["project"]["code"], listed["may_fill"]) == (
        sheet.pk, "P01", False,
    )  # fmt: skip
    assert told(client.get("/api/v1/sheets?campaign=nothing"))[0] == 404


def test_a_pack_has_rubric_what_stands_and_what_was_written(auditor, company, sheet):
    noted = missing(sheet, company.auditor, note="地面有水")
    pack = auditor.get(f"/api/v1/sheets/{sheet.pk}/pack").json()
    (first, *_others) = pack["sections"][0]["items"]
    assert (first["id"], len(first["requirements"])) == (item(sheet).pk, 4)
    assert (float(first["price"]["minimum"]), float(first["price"]["maximum"])) == (0.5, 2)
    (seen,) = pack["observations"]
    assert (seen["id"], seen["own"]) == (str(noted.pk), True)
    assert pack["phrases"] == ["地面有水"]


def test_a_pack_has_the_words_of_others_only_for_who_fills_the_sheet(client, company, sheet):
    missing(sheet, company.auditor, note="地面有水")
    client.force_login(company.executive)
    assert client.get(f"/api/v1/sheets/{sheet.pk}/pack").json()["phrases"] == []


def test_a_pack_is_not_given_to_strangers(client, company, sheet):
    client.force_login(company.other_manager)
    assert told(client.get(f"/api/v1/sheets/{sheet.pk}/pack"))[0] == 404
    assert told(client.get(f"/api/v1/sheets/{2**70}/pack"))[0] == 404


def test_a_pack_asks_as_much_for_many_observations_as_for_one(auditor, company, sheet):
    def read():
        return auditor.get(f"/api/v1/sheets/{sheet.pk}/pack")

    missing(sheet, company.auditor)
    few = queries_of(read)
    for line in (2, 3, 4):
        missing(sheet, company.auditor, line=line)
        missing(sheet, company.auditor, number=2, line=line)
    assert queries_of(read) == few <= 14


def test_a_token_needs_no_session_and_no_csrf_token(company, sheet):
    _token, secret = make_token(user=company.auditor, name="手机", days=None, at=timezone.now())
    program = Client(enforce_csrf_checks=True, headers={"Authorization": f"Bearer {secret}"})
    answer = post(program, "events", body([event(sheet)])).json()
    assert answer["receipts"][0]["outcome"] == "recorded"


def test_the_limit_is_of_one_person_not_of_one_name(rf, company):
    company.center.name = company.auditor.name
    requests = [rf.get("/api/v1/sheets") for _ in range(2)]
    for request, person in zip(requests, (company.auditor, company.center), strict=True):
        request.auth = person
    one, two = (THROTTLE[0].get_cache_key(request) for request in requests)
    assert one != two


def test_a_wrong_token_is_not_saved_by_a_session(auditor, sheet):
    wrong = {"Authorization": "Bearer pinzhi_wrong"}
    refused = auditor.get("/api/v1/sheets?campaign=c11", headers=wrong)
    assert told(refused)[0] == 401
    assert refused["WWW-Authenticate"] == "Bearer"


def test_problems_speak_the_language_of_whose_token_it_is(company, sheet):
    company.auditor.language = "en"
    company.auditor.save()
    _token, secret = make_token(user=company.auditor, name="en", days=None, at=timezone.now())
    program = Client(headers={"Authorization": f"Bearer {secret}"})
    said = program.get("/api/v1/sheets?campaign=nothing").json()
    assert said["detail"] == "There is no such thing, or you may not see it."


def test_the_description_names_every_way_to_go_wrong(client, db):
    said = client.get("/api/v1/openapi.json").json()
    assert {"/api/v1/events", "/api/v1/receipts", "/api/v1/sheets"} <= said["paths"].keys()
    answers = said["paths"]["/api/v1/events"]["post"]["responses"]
    assert {"200", "401", "403", "413", "415", "422", "429"} <= answers.keys()
    assert list(answers["422"]["content"]) == ["application/problem+json"]
