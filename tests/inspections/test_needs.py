"""What projects need: asked, answered once each, counted."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse

from campaign.models import Message, Participation
from inspections.models import NeedsAnswer
from inspections.training.needs import (
    answer_needs,
    move_closing,
    remind_needs,
    topic_counts,
    unanswered,
)
from organization.errors import Conflict, Refused
from organization.history import history_of
from tests import cast
from tests.inspections.learning_needs import AT, survey, topic, training
from tests.owed import owed_in
from tests.queries import queries_of

pytestmark = pytest.mark.django_db
CLOSED = cast.moment(2011, 10, 23, 0)


@pytest.fixture
def asked(company):
    return survey(company)


def answered(company, asked, *texts, project=None, at=AT, line="", **more):
    return answer_needs(
        survey=asked,
        project=project or company.one,
        topics=[topic(asked, text) for text in texts],
        line=line,
        by=company.manager,
        at=at,
        **more,
    )


def refused(act) -> str:
    with pytest.raises(Refused) as caught:
        act()
    return caught.value.code


def test_the_projects_leaders_are_asked(company, asked):
    told = Message.objects.values_list("person__username", flat=True)
    assert set(told) == {"pm01", "pm02"}
    assert history_of(asked).get().verb == "ask_needs"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"topics": []}, "topics"),
        ({"topics": ["a", " a "]}, "topics"),
        ({"topics": ["长" * 121]}, "topics"),
        ({"topics": [str(n) for n in range(21)]}, "topics"),
        ({"title": "  "}, "blank"),
        ({"closes": date(2011, 10, 19)}, "closes"),
    ],
)
def test_a_survey_that_cannot_be_asked_is_refused(company, more, code):
    assert refused(lambda: survey(company, **more)) == code


def test_an_answer_counts_and_may_change_until_closing(company, asked):
    answered(company, asked, "接待礼仪", "投诉处理", line="希望有案例")
    again = answered(company, asked, "投诉处理", at=AT + timedelta(days=2, hours=14))
    assert next((t.text, t.count) for t in topic_counts(asked)) == ("投诉处理", 1)
    assert again.line == ""
    assert NeedsAnswer.objects.get().revision == 2
    assert list(unanswered(asked)) == [company.two]
    assert history_of(asked).filter(verb="answer_needs").count() == 2


def test_a_ranking_keeps_its_order(company):
    asked = survey(company, ranked=True)
    answered(company, asked, "收费政策", "接待礼仪")
    assert list(NeedsAnswer.objects.get().needed.values_list("topic__text", "rank")) == [
        ("收费政策", 1),
        ("接待礼仪", 2),
    ]


def test_what_cannot_be_answered_is_refused(company, asked):
    assert refused(lambda: answered(company, asked)) == "blank"
    assert refused(lambda: answered(company, asked, "接待礼仪", at=CLOSED)) == "closed"
    other = cast.project("P09", "不参加")
    assert refused(lambda: answered(company, asked, "接待礼仪", project=other)) == "no_part"
    part = Participation.objects.get(project=company.one)
    part.lacks.add(company.lines["customer_service"])
    assert refused(lambda: answered(company, asked, "接待礼仪")) == "not_asked"


def test_topics_of_another_survey_are_passed_over(company, asked):
    other = survey(company, title="另一个")
    assert (
        refused(
            lambda: answer_needs(
                survey=asked,
                project=company.one,
                topics=[topic(other, "接待礼仪"), 999999],
                by=company.manager,
                at=AT,
            )
        )
        == "blank"
    )


def test_two_of_a_project_at_once_are_told(company, asked):
    answered(company, asked, "接待礼仪", revision=0)
    with pytest.raises(Conflict):
        answered(company, asked, "投诉处理", revision=0)


def test_who_has_not_answered_is_reminded_once_a_day(company, asked):
    answered(company, asked, "接待礼仪")
    Message.objects.all().delete()
    assert remind_needs(survey=asked, by=company.lead, at=AT) == 1
    assert Message.objects.get().person == company.other_manager
    assert refused(lambda: remind_needs(survey=asked, by=company.lead, at=AT)) == "already"
    assert refused(lambda: remind_needs(survey=asked, by=company.lead, at=CLOSED)) == "closed"


def test_the_closing_day_is_due_from_who_has_not_answered(company, asked):
    answered(company, asked, "接待礼仪")
    due = owed_in(company.campaign, AT, "needs")
    assert list(due) == [f"needs:{asked.pk}:{company.two.pk}"]
    (one,) = due.values()
    assert (one.due, one.people) == (date(2011, 10, 22), {company.other_manager.pk})
    assert (one.title, one.url) == ("填写培训需求：客服专业培训需求", asked.get_absolute_url())
    assert not owed_in(company.campaign, CLOSED, "needs")


def test_a_project_that_lacks_the_specialty_owes_no_answer(company, asked):
    part = company.campaign.participations.get(project=company.one)
    part.lacks.add(asked.specialty)
    due = owed_in(company.campaign, AT, "needs")
    assert list(due) == [f"needs:{asked.pk}:{company.two.pk}"]


def test_a_closed_survey_can_be_opened_again(company, asked):
    move_closing(survey=asked, closes=date(2011, 10, 30), by=company.lead, at=CLOSED)
    assert answered(company, asked, "接待礼仪", at=CLOSED)


# --- the page --------------------------------------------------------------------------------


@pytest.fixture
def open_now(company):
    today = cast.timezone.localdate()
    return survey(company, at=cast.timezone.now(), closes=today)


def page(client, person, asked):
    client.force_login(person)
    return client.get(asked.get_absolute_url())


def post(client, person, asked, **data):
    client.force_login(person)
    return client.post(asked.get_absolute_url(), data)


def typed(company, asked, *texts, **more):
    return {
        "move": "answer",
        "project": "P01",
        "revision": 0,
        "topic": [topic(asked, text) for text in texts],
        "line": "",
    } | more


def test_a_manager_answers_on_the_page(client, company, open_now):
    assert "锦澜府需要什么培训？" in page(client, company.manager, open_now).content.decode()
    post(client, company.manager, open_now, **typed(company, open_now, "投诉处理"))
    assert NeedsAnswer.objects.get().answered_by == company.manager
    assert "1 个项目" in page(client, company.lead, open_now).content.decode()


@pytest.mark.parametrize(("language", "said"), [("zh-hans", "00 已填"), ("en", "Answered ")])
def test_who_answered_reads_when(client, company, open_now, language, said):
    post(client, company.manager, open_now, **typed(company, open_now, "投诉处理"))
    NeedsAnswer.objects.update(answered_at=cast.timezone.now().replace(minute=0))
    client.cookies["django_language"] = language
    head = re.search(
        "<h1>(.*?)</h1>", page(client, company.manager, open_now).content.decode(), re.S
    )
    assert said in head[1]


def test_what_was_typed_comes_back_with_a_refusal(client, company, open_now):
    post(client, company.manager, open_now, **typed(company, open_now, "投诉处理"))
    stale = typed(company, open_now, "收费政策", line="要“案例”😀")
    answer = post(client, company.manager, open_now, **stale)
    assert answer.status_code == 409
    shown = answer.content.decode()
    assert "要“案例”😀" in shown
    assert f'value="{topic(open_now, "收费政策")}" checked' in shown
    assert 'name="revision" value="1"' in shown


def test_ranks_are_read_from_the_page(client, company):
    asked = survey(company, ranked=True, at=cast.timezone.now(), closes=cast.timezone.localdate())
    first, second = topic(asked, "收费政策"), topic(asked, "接待礼仪")
    data = typed(company, asked) | {f"rank-{second}": "2", f"rank-{first}": "1", "rank-x": "1"}
    post(client, company.manager, asked, **data)
    assert list(NeedsAnswer.objects.get().needed.values_list("topic", flat=True)) == [first, second]


def test_only_who_leads_a_project_answers_for_it(client, company, open_now):
    for person in (company.worker, company.other_manager, company.lead):
        data = typed(company, open_now, "投诉处理")
        assert post(client, person, open_now, **data).status_code == 403
    assert not NeedsAnswer.objects.exists()


def test_only_the_lead_and_the_center_remind(client, company, open_now):
    for person in (company.manager, company.executive):
        assert post(client, person, open_now, move="remind").status_code == 403


def test_project_people_see_no_counts(client, company, open_now):
    assert "还没填的项目" in page(client, company.executive, open_now).content.decode()
    assert "还没填的项目" not in page(client, company.worker, open_now).content.decode()


def say_in_words(company, asked, numbers):
    """Projects that answer with a line of their own."""
    made = [cast.project(f"W{n:03}", f"第{n}项目") for n in numbers]
    Participation.objects.bulk_create(
        Participation(campaign=company.campaign, project=each) for each in made
    )
    NeedsAnswer.objects.bulk_create(
        NeedsAnswer(survey=asked, project=each, line=f"要{each.code}的案例", answered_at=AT)
        for each in made
    )


def test_what_many_projects_say_has_pages_and_costs_the_same(client, company, open_now):
    say_in_words(company, open_now, range(3))
    few = queries_of(lambda: page(client, company.lead, open_now))
    say_in_words(company, open_now, range(3, 60))
    assert queries_of(lambda: page(client, company.lead, open_now)) == few
    first = page(client, company.lead, open_now).content.decode()
    assert "要W049的案例" in first and "要W050的案例" not in first
    last = client.get(f"{open_now.get_absolute_url()}?page=2").content.decode()
    assert "要W050的案例" in last and "要W059的案例" in last


def missing_names(client, person, asked, **query):
    client.force_login(person)
    shown = client.get(asked.get_absolute_url(), query).context["missing"]
    return [project.code for project in shown]


def test_who_has_not_answered_is_named_in_pages_at_the_same_cost(client, company, open_now):
    few = queries_of(lambda: page(client, company.lead, open_now))
    made = [cast.project(f"W{n:03}", f"第{n}项目") for n in range(300)]
    Participation.objects.bulk_create(
        Participation(campaign=company.campaign, project=each) for each in made
    )
    assert queries_of(lambda: page(client, company.lead, open_now)) == few
    first = missing_names(client, company.lead, open_now)
    last = missing_names(client, company.lead, open_now, missing=6)
    assert (len(first), first[:2], last) == (60, ["P01", "P02"], ["W298", "W299"])
    assert missing_names(client, company.lead, open_now, missing="x") == first


def test_a_stranger_learns_nothing(client, company, open_now):
    three = cast.project("P03", "湖岸北里")
    stranger = cast.person("pm03", "邓志远", "project_manager", project=three)
    assert page(client, stranger, open_now).status_code == 404


def test_a_project_that_lacks_the_specialty_is_not_asked(client, company, open_now):
    company.campaign.participations.get(project=company.one).lacks.add(open_now.specialty)
    assert page(client, company.manager, open_now).status_code == 404
    assert post(client, company.manager, open_now, **typed(company, open_now)).status_code == 404
    listed = client.get(reverse("trainings", args=[company.campaign.code])).content.decode()
    assert open_now.title not in listed
    assert page(client, company.other_manager, open_now).status_code == 200
    assert page(client, company.executive, open_now).status_code == 200


@pytest.mark.parametrize("place", ["needs", "needs_new", "training_new", "training_edit"])
def test_what_is_typed_is_kept_by_each_reader_for_itself(client, company, open_now, place):
    held = training(company)
    person = company.manager if place == "needs" else company.lead
    about = {"needs": [open_now.pk], "training_edit": [held.pk]}.get(place, [])
    client.force_login(person)
    shown = client.get(reverse(place, args=[company.campaign.code, *about])).content.decode()
    assert re.search(rf'<form[^>]+data-keep="[a-z]+:{person.pk}:[^"]+"', shown)
    assert "data-forget" in shown
    assert "form-keep" in shown


def test_a_survey_that_closed_keeps_nothing(client, company):
    assert "data-keep" not in page(client, company.manager, survey(company)).content.decode()


def test_a_lead_asks_for_the_own_specialty_alone(client, company):
    client.force_login(company.lead)
    address = reverse("needs_new", args=[company.campaign.code])
    data = {"title": "问问", "topics": "a\nb", "closes": str(cast.timezone.localdate())}
    wrong = client.post(address, data | {"specialty": "order"})
    assert wrong.status_code == 422
    assert "问问" in wrong.content.decode()
    assert client.post(address, data | {"specialty": "customer_service"}).status_code == 302
    client.force_login(company.manager)
    assert client.get(address).status_code == 403


def test_a_bad_survey_shows_what_was_typed(client, company):
    client.force_login(company.center)
    address = reverse("needs_new", args=[company.campaign.code])
    data = {"specialty": "order", "title": "“问”😀", "topics": "同\n同", "closes": "2011-13-99"}
    shown = client.post(address, data).content.decode()
    assert "“问”😀" in shown and "同\n同" in shown
