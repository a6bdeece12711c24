"""Trainings as pages: who sees and marks what, taps, the list as a file, and what is typed."""

import io
import re

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from campaign.kept import LONGEST, count_kept
from inspections.models import Attendance, Training
from inspections.training.trainings import mark_attendance
from organization.list_file import workbook_of
from organization.roles import Role
from tests import cast
from tests.inspections.learning_needs import many_projects, planned, survey, training
from tests.queries import queries_of

pytestmark = pytest.mark.django_db
HEADS = ("项目", "账号", "姓名", "到场")


@pytest.fixture
def held(company):
    """One that is held today."""
    return training(company, at=timezone.now(), starts_at=timezone.now())


def address(held, name="training"):
    return reverse(name, args=[held.campaign.code, held.pk])


def opened(client, person, held, **query):
    client.force_login(person)
    return client.get(address(held), query)


def post(client, person, held, data, query="", **headers):
    client.force_login(person)
    return client.post(address(held) + query, data, **headers)


def names(response) -> list[str]:
    return re.findall(r'class="tr-who"><b>([^<]+)</b>', response.content.decode())


def test_who_may_sees_the_list_and_marks(client, company, held):
    for person in (company.lead, company.center):
        shown = opened(client, person, held)
        assert names(shown) == ["刘晓燕", "陈立群", "马超", "彭海燕"]
        assert 'name="mark"' in shown.content.decode()
    reader = opened(client, company.executive, held).content.decode()
    assert "马超" in reader
    assert 'name="mark"' not in reader


def test_project_people_see_when_and_where_alone(client, company, held):
    shown = opened(client, company.worker, held).content.decode()
    assert "总部三楼培训室" in shown
    assert "彭海燕" not in shown


def test_who_is_not_invited_learns_nothing(client, company):
    one = training(company, at=timezone.now(), starts_at=timezone.now(), projects=[company.one])
    for name in ("training", "training_edit", "training_sheet", "training_excel"):
        client.force_login(company.other_manager)
        assert client.get(address(one, name)).status_code == 404


def test_only_its_lead_and_the_center_change_it(client, company, held):
    other = cast.person("lead-order", "梁军", Role.SPECIALTY_LEAD, specialty=company.lines["order"])
    for person in (company.manager, company.executive, other):
        for data in ({"mark": f"{company.worker.pk}:1"}, {"cancel": "", "reason": "x"}):
            assert post(client, person, held, data).status_code == 403
        assert client.get(address(held, "training_edit")).status_code == 403
    assert not Attendance.objects.exists()


def test_its_lead_the_center_and_the_companys_leaders_take_the_sign_in_list(client, company, held):
    for person in (company.lead, company.center, company.executive, company.president):
        page = opened(client, person, held).content.decode()
        assert address(held, "training_sheet") in page
        assert client.get(address(held, "training_excel"))["Content-Type"].endswith("sheet")
    for name in ("training_excel", "training_sheet"):
        client.force_login(company.manager)
        assert client.get(address(held, name)).status_code == 403


def test_a_tap_comes_back_to_the_same_part_of_the_list(client, company, held):
    answer = post(client, company.lead, held, {"mark": f"{company.worker.pk}:1"}, "?q=马")
    assert answer.url.endswith("?q=%E9%A9%AC#people")
    shown = opened(client, company.lead, held, q="马")
    assert names(shown) == ["马超"]
    assert 'aria-pressed="true"' in shown.content.decode()
    assert "到场 1 人，邀请 4 人" in shown.content.decode()


def test_a_tap_by_script_is_answered_in_json(client, company, held):
    data = {"mark": f"{company.worker.pk}:1"}
    answer = post(client, company.lead, held, data, HTTP_ACCEPT="application/json")
    assert answer.json() == {"came": True, "words": "到场 1 人，邀请 4 人"}
    data = {"mark": f"{company.lead.pk}:1"}
    answer = post(client, company.lead, held, data, HTTP_ACCEPT="application/json")
    assert answer.status_code == 409
    assert "不在邀请名单里" in answer.json()["message"]


@pytest.mark.parametrize("value", ["", "x:1", "1", "1:2", "99999999:1", "²:1", "1:1:1"])
def test_a_tap_on_nobody_is_not_found(client, company, held, value):
    assert post(client, company.lead, held, {"mark": value}).status_code == 404


def test_a_guest_that_is_refused_keeps_the_name(client, company, held):
    answer = post(client, company.lead, held, {"guest": "长" * 61})
    assert answer.status_code == 422
    assert "长" * 61 in answer.content.decode()
    post(client, company.lead, held, {"guest": "老王", "project": "P01"})
    guest = Attendance.objects.get()
    assert (guest.name, guest.project) == ("老王", company.one)
    post(client, company.lead, held, {"drop": str(guest.pk)})
    assert not Attendance.objects.exists()


def test_the_list_goes_out_and_comes_back(client, company, held):
    client.force_login(company.lead)
    sheet = load_workbook(io.BytesIO(client.get(address(held, "training_excel")).content)).active
    rows = [[cell.value for cell in line] for line in sheet.iter_rows()]
    assert tuple(rows[0]) == HEADS
    filled = [[*line[:3], "是"] for line in rows[1:]]
    check = send(client, held, workbook_of(HEADS, filled)).url
    shown = client.get(check).content.decode()
    assert "新增 4" in shown and "没有变化 0 行" in shown
    assert not Attendance.objects.exists()
    confirm(client, check)
    assert Attendance.objects.filter(came=True).count() == 4
    assert "已经导入" in confirm(client, check).content.decode()
    again = client.get(send(client, held, workbook_of(HEADS, filled)).url).content.decode()
    assert "和现在一样，没有要写入的" in again
    assert 'name="seen"' not in again


def confirm(client, check, **typed):
    seen = re.search(r'name="seen" value="(\w+)"', client.get(check).content.decode())
    return client.post(check, {"seen": seen[1] if seen else ""} | typed, follow=True)


def kept(client, company, held):
    client.force_login(company.lead)
    return send(client, held, workbook_of(HEADS, [("", "emp01", "马超", "是")])).url


def test_what_changed_since_it_was_looked_at_is_shown_again(client, company, held):
    check = kept(client, company, held)
    seen = re.search(r'name="seen" value="(\w+)"', client.get(check).content.decode())[1]
    mark_attendance(
        training=held, user=company.worker, came=False, by=company.center, at=timezone.now()
    )
    answer = client.post(check, {"seen": seen})
    assert answer.status_code == 409
    assert "请再看一遍" in answer.content.decode() and "更改 1" in answer.content.decode()
    assert Attendance.objects.get().came is False
    confirm(client, check)
    assert Attendance.objects.get().came is True


def test_a_list_that_no_longer_fits_is_not_written(client, company, held):
    check = kept(client, company, held)
    company.worker.posts.update(until=timezone.localdate())
    answer = client.post(check, {"seen": ""})
    assert answer.status_code == 422
    assert "不在邀请名单里" in answer.content.decode()
    assert not Attendance.objects.exists()


def test_a_list_is_its_uploaders_alone(client, company, held):
    check = kept(client, company, held)
    client.force_login(company.center)
    assert [client.get(check).status_code, client.post(check).status_code] == [404, 404]
    other = cast.campaign("c12")
    client.force_login(company.lead)
    assert client.get(check.replace("c11", other.code)).status_code == 404
    company.lead.posts.update(specialty=company.lines["order"])
    assert client.get(check).status_code == 403
    assert not Attendance.objects.exists()


def test_a_long_list_is_looked_at_in_pages(client, company, held):
    short = kept(client, company, held)
    few = queries_of(lambda: client.get(short))
    rows = [("", "", f"来宾{number}", "是") for number in range(60)]
    check = send(client, held, workbook_of(HEADS, rows)).url
    assert "来宾59" not in client.get(check).content.decode()
    assert "来宾59" in client.get(check, {"page": 2}).content.decode()
    assert queries_of(lambda: client.get(check)) == few


def send(client, held, data, name="list.xlsx"):
    file = io.BytesIO(data)
    file.name = name
    return client.post(address(held), {"upload": "", "list": file})


def test_a_bad_list_names_its_cells(client, company, held):
    client.force_login(company.lead)
    answer = send(
        client, held, workbook_of(HEADS, [("", "nobody", "甲", "是"), ("", "", "乙", "?")])
    )
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "<b>B2</b>" in shown and "<b>D3</b>" in shown
    assert not Attendance.objects.exists()


@pytest.mark.parametrize("data", [b"", b"\x00\x01\x02", b"PK\x03\x04 broken", "姓名\n".encode()])
def test_what_is_no_list_is_said_so(client, company, held, data):
    client.force_login(company.lead)
    assert send(client, held, data).status_code == 422
    assert client.post(address(held), {"upload": ""}).status_code == 422


def test_the_sheet_to_sign_is_a_pdf(client, company, held):
    client.force_login(company.lead)
    assert client.get(address(held, "training_sheet")).content.startswith(b"%PDF")


def test_cancelling_without_a_reason_says_so(client, company, held):
    assert post(client, company.lead, held, {"cancel": ""}).status_code == 422
    post(client, company.lead, held, {"cancel": "", "reason": "讲师生病"})
    assert "讲师生病" in opened(client, company.worker, held).content.decode()


# --- planning --------------------------------------------------------------------------------


def form(company, **more):
    return (
        planned(
            specialty="customer_service", starts_at="2031-10-25T14:00", projects=["1"], revision=0
        )
        | {"reach": "some", "projects": ["P01"]}
        | more
    )


def test_it_is_planned_on_the_page(client, company):
    client.force_login(company.lead)
    new = reverse("training_new", args=[company.campaign.code])
    wrong = client.post(new, form(company, starts_at="2011-09-01T10:00", title="“实务”😀"))
    assert wrong.status_code == 422
    assert "“实务”😀" in wrong.content.decode()
    assert "早于专项工作的第一天" in wrong.content.decode()
    assert client.post(new, form(company, specialty="order")).status_code == 422
    client.post(new, form(company))
    assert Training.objects.get().place == "总部三楼培训室"


def test_a_stale_change_keeps_what_was_typed(client, company, held):
    client.force_login(company.lead)
    edit = address(held, "training_edit")
    client.post(edit, form(company, place="二楼"))
    stale = client.post(edit, form(company, place="四楼"))
    assert stale.status_code == 409
    assert 'value="四楼"' in stale.content.decode()
    assert Training.objects.get().place == "二楼"


def test_a_project_may_plan_nothing(client, company):
    client.force_login(company.manager)
    assert client.get(reverse("training_new", args=[company.campaign.code])).status_code == 403


# --- the list of trainings ---------------------------------------------------------------------


def all_of(client, person, company, **query):
    client.force_login(person)
    return client.get(reverse("trainings", args=[company.campaign.code]), query)


def test_an_empty_list_says_what_to_do(client, company):
    assert "先问各项目需要什么" in all_of(client, company.lead, company).content.decode()
    assert "专业口安排的培训会列在这里" in all_of(client, company.worker, company).content.decode()


def test_chips_narrow_the_list(client, company, held):
    counted = all_of(client, company.lead, company).context["found"].counts
    assert counted == {"all": 1, "coming": 1, "past": 0, "cancelled": 0}
    assert "投诉处理实务" not in all_of(client, company.lead, company, show="past").content.decode()
    for odd in ({"show": "x", "specialty": "y", "page": "z"}, {"specialty": "order"}):
        assert all_of(client, company.lead, company, **odd).status_code == 200


def test_more_trainings_ask_no_more_of_the_database(
    client, company, held, django_assert_num_queries
):
    few = queries_of(lambda: all_of(client, company.lead, company))
    for _number in range(20):
        training(company, at=timezone.now(), starts_at=timezone.now())
    with django_assert_num_queries(few):
        all_of(client, company.lead, company)


def test_kept_numbers_of_who_came_say_of_when_they_are(client, company, held, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    mark_attendance(
        training=held, user=company.worker, came=True, by=company.lead, at=timezone.now()
    )
    before = all_of(client, company.lead, company).content.decode()
    assert "到场 1 人" in before and "到场人数截至" not in before
    count_kept(company.campaign, at=timezone.now())
    held.attendances.all().delete()
    kept = all_of(client, company.lead, company).content.decode()
    assert "到场 1 人" in kept and "到场人数截至" in kept
    time_machine.move_to(timezone.now() + LONGEST, tick=False)
    assert "到场 1 人" not in all_of(client, company.lead, company).content.decode()


def test_more_people_ask_no_more_of_the_database(client, company, held, django_assert_num_queries):
    few = queries_of(lambda: opened(client, company.lead, held))
    for number in range(40):
        cast.person(f"w{number:02}", f"员工{number}", Role.EMPLOYEE, project=company.one)
    with django_assert_num_queries(few):
        assert len(names(opened(client, company.lead, held))) == 44


# --- whom it is for ----------------------------------------------------------------------------


def sent(client, company, **more):
    client.force_login(company.lead)
    return client.post(reverse("training_new", args=[company.campaign.code]), form(company, **more))


@pytest.fixture
def many(company, held, monkeypatch):
    """More projects than anybody chooses from in a list, for these tests two."""
    monkeypatch.setattr("organization.project_choice.MOST_CHOICES", 1)
    return held


def test_of_many_projects_people_come_project_by_project(client, company, many):
    assert names(opened(client, company.lead, many)) == ["刘晓燕", "陈立群", "马超"]
    other = opened(client, company.lead, many, project="P02")
    assert names(other) == ["彭海燕"]
    assert "sheet/?project=P02" in other.content.decode()
    assert names(opened(client, company.lead, many, q="彭")) == ["彭海燕"]


def test_of_many_projects_each_has_its_own_sheet_to_sign(client, company, many):
    client.force_login(company.lead)
    assert client.get(address(many, "training_sheet")).status_code == 302
    one = client.get(address(many, "training_sheet") + "?project=P02")
    assert one.content[:4] == b"%PDF"


def test_a_guests_project_is_named_where_there_are_many(client, company, many):
    refused = post(client, company.lead, many, {"guest": "周敏", "project": "P9"})
    assert refused.status_code == 422 and 'value="周敏"' in refused.content.decode()
    post(client, company.lead, many, {"guest": "周敏", "project": "P02"})
    assert Attendance.objects.get(name="周敏").project == company.two


def test_all_projects_or_those_with_the_specialty_are_one_tick(client, company):
    company.campaign.participations.get(project=company.two).lacks.add(
        company.lines["customer_service"]
    )
    for reach, invited in (("all", {"P01", "P02"}), ("having", {"P01"})):
        Training.objects.all().delete()
        sent(client, company, reach=reach, projects=[])
        held = Training.objects.get()
        assert set(held.projects.values_list("code", flat=True)) == invited
        shown = client.get(address(held, "training_edit")).content.decode()
        assert re.search(rf'value="{reach}"[^>]*checked', shown)


def test_some_without_any_is_refused_and_a_stranger_too(client, company):
    cast.project("P09", "不参加")
    for projects in ([], ["P09"], ["nonsense"]):
        assert sent(client, company, projects=projects).status_code == 422
    assert not Training.objects.exists()


def test_projects_are_found_and_ticked_page_by_page(client, company):
    many_projects(company)
    found = sent(client, company, title="", q="X04", find="1", projects=["X001", "P02"])
    page = found.content.decode()
    assert found.status_code == 200
    assert re.findall(r'name="projects" value="(\w+)" checked', page) == ["P02", "X001"]
    assert "X040" in page and "X030" not in page
    assert "form-error" not in page
    assert "投诉处理\n接待礼仪" in page
    second = sent(client, company, find="3", projects=["X001"]).content.decode()
    assert "3 / 3" in second and "项目044" in second
    assert not Training.objects.exists()


def test_odd_searches_are_no_fault(client, company):
    for odd in ({"find": "x"}, {"find": "9" * 30}, {"find": "1", "q": "'\0😀" * 40}):
        assert sent(client, company, **odd).status_code == 200


def test_a_thousand_projects_cost_as_much_as_a_few(client, company):
    client.force_login(company.lead)
    new = reverse("training_new", args=[company.campaign.code])
    few = queries_of(lambda: client.get(new))
    many_projects(company, 300)
    assert queries_of(lambda: client.get(new)) == few
    assert client.get(new).content.decode().count('name="projects"') == 20


def test_surveys_are_paged(client, company):
    for number in range(23):
        survey(company, title=f"调查{number:02}")
    first = all_of(client, company.lead, company).content.decode()
    assert "调查22" in first and "调查02" not in first
    assert "调查02" in all_of(client, company.lead, company, surveys=2).content.decode()
    assert all_of(client, company.lead, company, surveys="x").status_code == 200
