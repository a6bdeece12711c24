"""The pages of seminars, policies and lessons: who sees and does what, and what a save answers."""

import re
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from inspections.learning.seminars import edit_problem
from inspections.models import Lesson, Policy, PolicyVersion, Seminar
from tests import cast
from tests.inspections.learning import (
    AT,
    approved,
    closed_seminar,
    drafted,
    lesson,
    seminar_of,
    verified,
    waiting,
)
from tests.inspections.writing import finding_of
from tests.queries import queries_of

JSON = {"Accept": "application/json"}
C = "/c/c11"
EVERYBODY = ("president", "executive", "center", "lead", "admin", "manager", "head", "worker")
LISTS = ("seminars", "policies", "lessons")
KINDS = {
    "kinds-TOTAL_FORMS": "1",
    "kinds-INITIAL_FORMS": "0",
    "kinds-0-what": "facilities",
    "kinds-0-number": "",
    "kinds-0-root_cause": "",
}


def body(response):
    return response.content.decode()


@pytest.fixture
def signed(client, company):
    def as_person(name):
        client.force_login(getattr(company, name))
        return client

    return as_person


@pytest.fixture
def stranger(client, company):
    """Somebody whose only post ended: no campaign is theirs."""
    person = cast.person("gone", "离开的人", "employee", project=company.two)
    person.posts.update(until="2011-01-01")
    client.force_login(person)
    return client


# --- lists


@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize("page", LISTS)
def test_everybody_reads_the_lists_and_empty_ones_say_what_comes(signed, who, page):
    assert "empty-note" in body(signed(who).get(f"{C}/{page}/"))


@pytest.mark.parametrize("page", LISTS)
def test_a_stranger_finds_no_list(stranger, page):
    assert stranger.get(f"{C}/{page}/").status_code == 404


@pytest.mark.parametrize("page", LISTS)
@pytest.mark.parametrize(
    "query",
    ["page=x", "page=99", "specialty=%00", "show=nonsense", "q=%27%22😀", "kind=x&campaign=x"],
)
def test_garbage_in_the_address_is_no_error(signed, company, page, query):
    lesson(company)
    assert signed("center").get(f"{C}/{page}/?{query}").status_code == 200


def test_lists_ask_the_same_of_few_and_of_many(signed, company):
    client = signed("center")
    made = {
        "seminars": lambda n: seminar_of(company, f"难点{n}"),
        "policies": lambda n: approved(company, title=f"规程{n}"),
        "lessons": lambda n: lesson(company, f"配电房{n}"),
    }
    for page, make in made.items():
        make(0)
        few = queries_of(lambda page=page: client.get(f"{C}/{page}/"))
        for number in range(1, 6):
            make(number)
        assert queries_of(lambda page=page: client.get(f"{C}/{page}/")) == few, page


# --- seminars


@pytest.mark.parametrize(
    ("who", "may"), [("center", True), ("lead", True), ("manager", False), ("executive", False)]
)
def test_a_specialtys_lead_and_the_center_hold_seminars(signed, company, who, may):
    client = signed(who)
    typed = {
        "specialty": company.lines["customer_service"].pk,
        "day": "2011-11-04",
        "place": "总部",
    }
    response = client.post(f"{C}/seminars/new/", typed)
    assert response.status_code == (302 if may else 403)
    assert Seminar.objects.count() == int(may)


def test_a_lead_holds_none_of_another_specialty(signed, company):
    typed = {"specialty": company.lines["order"].pk, "day": "2011-11-04"}
    assert signed("lead").post(f"{C}/seminars/new/", typed).status_code == 422
    other = seminar_of(company, "脱岗", specialty="order")
    assert (
        signed("lead").post(other.get_absolute_url(), {"do": "add", "new": "x"}).status_code == 403
    )


def test_a_wrong_day_comes_back_with_everything_typed(signed, company):
    typed = {"specialty": company.lines["order"].pk, "day": "2001-01-01", "place": "“三号楼”😀"}
    response = signed("center").post(f"{C}/seminars/new/", typed)
    assert response.status_code == 422
    assert "早于专项工作的第一天" in body(response)
    assert "“三号楼”😀" in body(response)


def typed(thing, kind, revision=0, **fields):
    """A form that saves itself: its revision, what each field started from, what was typed."""
    key = f"{kind}-{thing.pk}"
    data = {"do": f"save:{key}", "revision": revision}
    for name, text in fields.items():
        data[f"initial-{key}-{name}"] = getattr(thing, name) or ""
        data[f"{key}-{name}"] = text
    return data


def test_a_typed_solution_is_saved_and_answered_with_the_next_revision(signed, company):
    seminar = seminar_of(company, "回访不及时")
    problem = seminar.problems.get()
    answer = signed("lead").post(
        seminar.get_absolute_url(), typed(problem, "problem", solution="两小时内回访"), headers=JSON
    )
    problem.refresh_from_db()
    assert problem.solution == "两小时内回访"
    assert answer.json()["revision"] == 1


def test_two_people_see_both_versions_and_choose(signed, company):
    seminar = seminar_of(company, "回访不及时")
    problem = seminar.problems.get()
    edit_problem(
        problem=problem, revision=0, changes={"solution": "甲案"}, by=company.center, at=AT
    )
    client, url = signed("lead"), seminar.get_absolute_url()
    mine = typed(problem, "problem", solution="乙案")
    answer = client.post(url, mine, headers=JSON)
    assert answer.status_code == 409
    assert "甲案" in answer.json()["both"]
    assert "乙案" in answer.json()["both"]
    assert "乙案" in body(client.post(url, mine))
    mine |= {"revision": 1, f"take-problem-{problem.pk}-solution": "mine"}
    assert client.post(url, mine).status_code == 302
    problem.refresh_from_db()
    assert problem.solution == "乙案"


def test_what_is_typed_into_a_removed_problem_comes_back(signed, company):
    seminar = seminar_of(company, "回访不及时")
    problem = seminar.problems.get()
    mine = typed(problem, "problem", solution="写了一半")
    seminar.problems.all().delete()
    mine[f"problem-{problem.pk}-problem"] = "回访不及时"
    answer = signed("lead").post(seminar.get_absolute_url(), mine, headers=JSON)
    assert answer.status_code == 200
    assert seminar.problems.get().solution == "写了一半"


def test_words_typed_into_a_seminar_that_was_closed_are_shown_again(signed, company):
    seminar = closed_seminar(company)
    problem = seminar.problems.get()
    response = signed("lead").post(
        seminar.get_absolute_url(), typed(problem, "problem", 1, solution="来晚了的字")
    )
    assert response.status_code == 409
    assert "来晚了的字" in body(response)


def test_a_wrong_due_date_stands_beside_its_field(signed, company):
    seminar = seminar_of(company, "回访不及时")
    problem = seminar.problems.get()
    answer = signed("lead").post(
        seminar.get_absolute_url(), typed(problem, "problem", due="2001-01-01"), headers=JSON
    )
    assert "早于" in answer.json()["errors"][f"problem-{problem.pk}-due"]


@pytest.mark.parametrize(
    "do",
    [
        "remove:x",
        "unlink:x:y",
        "save:problem-x",
        "link",
        "close",
        "reopen",
        "hand_in",
        "keep:x",
    ],
)
def test_garbage_is_answered_and_never_an_error(signed, company, do):
    seminar = seminar_of(company, "回访不及时")
    response = signed("center").post(seminar.get_absolute_url(), {"do": do, "finding": "x"})
    assert response.status_code in (302, 403, 404, 409)


@pytest.mark.parametrize("who", ["lead", "center", "worker"])
@pytest.mark.parametrize("make", [seminar_of, closed_seminar])
def test_no_id_stands_twice_on_a_seminars_page(signed, company, who, make):
    finding_of(company)
    first, second = make(company), seminar_of(company, "回访不及时", "前台无人", specialty="order")
    for seminar in (first, second):
        ids = re.findall(r'\sid="([^"]+)"', body(signed(who).get(seminar.get_absolute_url())))
        assert len(ids) == len(set(ids))


def test_a_seminar_is_closed_and_its_solution_kept_from_its_page(signed, company):
    seminar = seminar_of(company, "回访不及时")
    problem, client, url = seminar.problems.get(), signed("lead"), seminar.get_absolute_url()
    assert "还没有解决方案" in body(client.post(url, {"do": "close"}))
    client.post(url, typed(problem, "problem", solution="两小时内回访"))
    assert client.post(url, {"do": "close"}).status_code == 302
    assert client.post(url, {"do": f"keep:{problem.pk}"}).status_code == 302
    assert Lesson.objects.get().method == "两小时内回访"


def test_ticked_findings_become_problems_and_show_the_solution(signed, company):
    finding = finding_of(company)
    seminar = seminar_of(company, specialty="facilities")
    client, url = signed("center"), seminar.get_absolute_url()
    client.post(url, {"do": "link", "finding": str(finding.pk)})
    problem = seminar.problems.get()
    assert problem.problem == finding.problem
    client.post(url, typed(problem, "problem", solution="统一订做挡板"))
    page = body(signed("manager").get(finding.get_absolute_url()))
    assert "研讨会解决方案" in page
    assert "统一订做挡板" in page


def test_findings_of_other_projects_are_not_named_to_a_projects_people(signed, company):
    finding = finding_of(company)
    seminar = seminar_of(company, "配电房", specialty="facilities")
    seminar.problems.get().findings.add(finding)
    assert finding.problem in body(signed("manager").get(seminar.get_absolute_url()))
    assert finding.problem not in body(signed("other_manager").get(seminar.get_absolute_url()))


def test_a_seminars_page_asks_the_same_of_few_problems_and_of_many(signed, company):
    few, many = seminar_of(company, "一", "二"), seminar_of(company, *"一二三四五六七")
    client = signed("lead")
    assert queries_of(lambda: client.get(few.get_absolute_url())) == queries_of(
        lambda: client.get(many.get_absolute_url())
    )


@pytest.mark.parametrize(("name", "magic"), [("solutions.pdf", b"%PDF"), ("minutes.docx", b"PK")])
def test_papers_are_downloaded_as_pdf_and_word(signed, company, name, magic):
    seminar = closed_seminar(company, minutes="逐条讨论")
    response = signed("worker").get(f"{seminar.get_absolute_url()}papers/{name}")
    assert response.content[: len(magic)] == magic
    assert signed("worker").get(f"{seminar.get_absolute_url()}papers/x.exe").status_code == 404


# --- policies


def test_a_draft_is_seen_by_the_center_and_company_leaders_only(signed, company):
    url = drafted(company).get_absolute_url()
    seen = {who for who in EVERYBODY if signed(who).get(url).status_code == 200}
    assert seen == {"president", "executive", "center"}
    titles = {
        who for who in EVERYBODY if "配电房管理规程" in body(signed(who).get(f"{C}/policies/"))
    }
    assert titles == seen


def test_everybody_reads_what_is_approved(signed, company):
    url = approved(company).get_absolute_url()
    assert all("挡鼠板不得拆除" in body(signed(who).get(url)) for who in EVERYBODY)


@pytest.mark.parametrize(
    ("do", "who", "status"),
    [
        ("approve", "center", 403),
        ("approve", "executive", 403),
        ("approve", "manager", 404),
        ("approve", "president", 302),
        ("return", "president", 409),
        ("submit", "president", 403),
        ("submit", "center", 409),
        ("revise", "center", 409),
    ],
)
def test_who_may_move_a_waiting_policy(signed, company, do, who, status):
    version = waiting(company)
    typed = {"do": do, "revision": version.revision}
    assert signed(who).post(version.get_absolute_url(), typed).status_code == status


def test_a_return_keeps_what_was_typed_when_the_policy_moved_on(signed, company):
    version = waiting(company)
    typed = {"do": "return", "revision": 0, "reason": "写得太笼统了"}
    response = signed("president").post(version.get_absolute_url(), typed)
    assert response.status_code == 409
    assert "写得太笼统了" in body(response)


def test_the_center_drafts_a_policy_that_names_what_it_prevents(signed, company):
    typed = {
        "kind": "policy",
        "title": "钥匙管理制度",
        "text": "专人保管",
        "is_preventive": "on",
        "specialty": "",
    }
    response = signed("center").post(f"{C}/policies/new/", typed | KINDS)
    assert response.status_code == 302
    version = PolicyVersion.objects.get()
    assert [kind.specialty.code for kind in version.prevents.all()] == ["facilities"]


def test_a_wrong_line_of_an_item_comes_back_with_everything_typed(signed, company):
    cast.rubric(company.campaign, company.lines["facilities"])
    typed = {"kind": "policy", "title": "钥匙", "text": "专人保管"} | KINDS
    typed |= {"kinds-0-what": "facilities.I01", "kinds-0-number": "99"}
    response = signed("center").post(f"{C}/policies/new/", typed)
    assert response.status_code == 422
    assert "没有这一条" in body(response)
    assert "专人保管" in body(response)
    assert not Policy.objects.exists()


def test_an_older_page_of_a_draft_shows_what_stands_there_now(signed, company):
    version = drafted(company)
    edited = {"title": "配电房管理规程", "text": "甲写的", "in_force_from": "2011-11-10"} | KINDS
    url = f"{C}/policies/{version.policy_id}/edit/"
    assert signed("auditor").post(url, edited | {"revision": 0}).status_code == 302
    response = signed("center").post(url, edited | {"revision": 0, "text": "乙写的"})
    assert response.status_code == 409
    assert "甲写的" in body(response)
    assert "乙写的" in body(response)


def test_a_file_that_is_none_stands_beside_its_field(signed, company):
    typed = {"kind": "policy", "title": "钥匙", "file": SimpleUploadedFile("a.exe", b"MZ")} | KINDS
    response = signed("center").post(f"{C}/policies/new/", typed)
    assert response.status_code == 422
    assert "不是可以上传的文件类型" in body(response)


def test_a_waiting_policy_stands_in_the_presidents_work(signed, company):
    waiting(company)
    assert "配电房管理规程" in body(signed("president").get("/"))


# --- lessons


@pytest.mark.parametrize(
    ("who", "status"), [("center", 302), ("manager", 403), ("other_manager", 404)]
)
def test_a_verified_finding_is_kept_with_a_tap(signed, company, who, status):
    finding = verified(company)
    response = signed(who).post(f"{C}/lessons/", {"finding": str(finding.pk)})
    assert response.status_code == status
    assert Lesson.objects.count() == int(status == 302)


@pytest.mark.parametrize("who", ["manager", "lead", "executive"])
def test_only_the_center_writes_and_changes_lessons(signed, company, who):
    kept = lesson(company)
    client = signed(who)
    assert client.get(f"{C}/lessons/new/").status_code == 403
    assert client.get(f"{C}/lessons/{kept.pk}/edit/").status_code == 403
    assert client.post(f"{C}/lessons/{kept.pk}/", {"reason": "x"}).status_code == 403


def test_the_center_writes_a_lesson_and_a_blank_one_keeps_what_was_typed(signed, company):
    client = signed("center")
    blank = client.post(f"{C}/lessons/new/", {"problem": "车库积水", "method": ""})
    assert blank.status_code == 422
    assert "车库积水" in body(blank)
    written = client.post(
        f"{C}/lessons/new/", {"problem": "车库积水", "method": "加装水泵", "what": "facilities"}
    )
    assert written.status_code == 302
    assert Lesson.objects.get().specialty == company.lines["facilities"]


def test_lessons_are_offered_beside_a_plans_line(signed, company):
    lesson(company)
    finding = finding_of(company)
    page = body(signed("manager").get(f"{C}/lessons/for/?line={finding.pk}"))
    assert "配电房缺少挡鼠板" in page
    stranger = signed("other_manager").get(f"{C}/lessons/for/?line={finding.pk}")
    assert "没有类似的经验" in body(stranger)
    assert "没有类似的经验" in body(signed("manager").get(f"{C}/lessons/for/?line=x&problem=电梯"))


def test_a_line_that_was_just_removed_is_asked_about_without_an_error(signed, company):
    lesson(company)
    asked = signed("manager").get(f"{C}/lessons/for/?line={uuid4()}&problem=配电房缺少挡鼠板")
    assert asked.status_code == 200
    assert "配电房缺少挡鼠板" in body(asked)


def test_pictures_of_a_lesson_are_everybodys(signed, company):
    finding = verified(company)
    client = signed("other_manager")
    photo = finding.photos.first().file
    assert client.get(f"/files/{photo.pk}/").status_code == 404
    signed("center").post(f"{C}/lessons/", {"finding": str(finding.pk)})
    assert signed("other_manager").get(f"/files/{photo.pk}/").status_code == 200
