"""The league table as PDF: A3 across, the rows that are asked for, the fingerprint once there."""

import pytest

from organization.roles import Role
from rewards.snapshots import address_of
from scoring.models import Standing
from tests import cast
from tests.pdf import codes, pages, words
from tests.queries import queries_of

pytestmark = pytest.mark.system("pango")
ADDRESS = "/c/c11/league/pdf/"
A3 = (1190.55, 841.89)  # points, across


def flat(data: bytes) -> str:
    return "".join("".join(words(data)).split())


def fetched(client, person, **asked):
    client.force_login(person)
    return client.get(ADDRESS, asked)


def test_it_is_a3_across_with_every_project(client, scored, drawn):
    data = fetched(client, scored.executive).content
    assert pages(data)[0].get_size() == pytest.approx(A3, abs=1)
    text = flat(data)
    for word in ("1锦澜府P01", "96.01优秀", "2翠屏苑P02", "75.45不及格", "四舍五入"):
        assert word in text


def test_it_leaves_out_what_the_page_leaves_out(client, scored, drawn):
    text = flat(fetched(client, scored.center, q="翠屏").content)
    assert "翠屏苑" in text and "锦澜府" not in text


def test_before_the_approval_it_says_that_nothing_is_vouched_for(client, scored, drawn):
    data = fetched(client, scored.center).content
    assert "结算还没有批准" in flat(data)
    assert codes(data) == []


def test_an_approved_one_has_its_fingerprint_and_code(client, scored, approved):
    data = fetched(client, scored.president).content
    assert approved.fingerprint in flat(data)
    assert codes(data) == [address_of(approved.fingerprint)]


def test_it_reads_english_to_who_reads_english(client, scored, drawn):
    client.cookies["django_language"] = "en"
    text = flat(fetched(client, scored.lead).content)
    assert "Excellent" in text and "优秀" not in text


def test_a_project_s_people_and_strangers_get_none(client, scored, drawn):
    assert fetched(client, scored.manager).status_code == 403
    guest = cast.person("guest", "外人", Role.EMPLOYEE, project=cast.project("Z9", "别处"))
    assert fetched(client, guest).status_code == 404


def test_too_many_are_refused_with_a_way_on(client, scored, drawn, monkeypatch):
    monkeypatch.setattr("rewards.documents.league_paper.MOST", 1)
    client.force_login(scored.center)
    page = client.get(ADDRESS, follow=True)
    assert page.redirect_chain == [("/c/c11/league/", 302)]
    assert "请先按区域或等级筛选" in page.content.decode()


def test_it_asks_as_often_for_many_projects(client, scored, drawn):
    few = queries_of(lambda: fetched(client, scored.center))
    for number in range(5):
        more = cast.project(f"M{number}", f"项目{number}")
        Standing.objects.create(
            campaign=scored.campaign, project=more, composite=88, provisional=False,
            updated_at=scored.at,
        )  # fmt: skip
    assert queries_of(lambda: fetched(client, scored.center)) == few
