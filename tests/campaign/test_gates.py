"""Gates: derived from what is accepted, passed with a reason; they bind nobody's hands."""

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from campaign.gates import gate_of, gates_of, held_up, pass_gate, set_gates
from campaign.lifecycle import close_campaign, submit_campaign
from campaign.models import GatePass
from campaign.obligations import accept, submit
from organization.errors import Refused
from organization.history import history_of
from tests import cast
from tests.queries import queries_of

pytestmark = pytest.mark.django_db
DURING, ENDING, AFTER = (cast.moment(2011, 10, day) for day in (11, 12, 20))


@pytest.fixture
def owed(company):
    """The kick-off of both projects; the first phase ends on 15 October."""
    kickoff = cast.milestone(company.campaign, evidence=())
    return [cast.obligation(kickoff, project=each) for each in (company.one, company.two)]


@pytest.fixture
def phase(company):
    return company.campaign.phases.get(code="mobilize")


def finish(obligation, company):
    submit(obligation=obligation, by="import", at=DURING)
    accept(obligation=obligation, by=company.center, at=DURING)


def let_pass(phase, reason="中秋后补交", at=AFTER, by="command"):
    return pass_gate(phase=phase, reason=reason, by=by, at=at)


def refusal_of(act, *args, **kwargs):
    with pytest.raises(Refused) as refusal:
        act(*args, **kwargs)
    return refusal.value


def test_it_counts_what_is_not_accepted_of_each_milestone(company, owed, phase):
    finish(owed[0], company)
    submit(obligation=owed[1], by="import", at=DURING)
    gate = gate_of(phase, at=AFTER)
    assert [(each.milestone, each.lacking) for each in gate.short] == [(owed[0].milestone_id, 1)]
    assert (gate.lacking, gate.is_open) == (1, False)


@pytest.mark.parametrize(
    ("at", "code"), [(DURING, "gate_coming"), (ENDING, "gate_short"), (AFTER, "gate_short")]
)
def test_it_wants_attention_from_three_days_before_the_end(owed, phase, at, code):
    assert gate_of(phase, at=at).state.code == code


def test_it_is_met_when_all_is_accepted_and_where_nothing_is_owed(company, owed, phase):
    for each in owed:
        finish(each, company)
    gates = gates_of(company.campaign, at=AFTER)
    assert {gate.state.code for gate in gates.values()} == {"gate_met"}


def test_a_milestone_that_is_no_gate_holds_nothing_up(company, owed, phase):
    company.campaign.milestones.update(is_gate=False)
    assert gate_of(phase, at=AFTER).is_open


def test_all_gates_of_a_campaign_cost_two_queries(company, owed, django_assert_num_queries):
    phases = list(company.campaign.phases.all())
    with django_assert_num_queries(2):
        gates_of(company.campaign, at=AFTER, phases=phases)


def test_the_center_passes_one_with_a_reason_on_record(company, owed, phase):
    let_pass(phase, by=company.center)
    gate = gate_of(phase, at=AFTER)
    assert (gate.state.code, gate.granted.reason, gate.lacking) == ("gate_passed", "中秋后补交", 2)
    entry = history_of(company.campaign).get(verb="pass_gate")
    assert (entry.by, entry.reason, entry.before) == (company.center, "中秋后补交", "gate_short")


def test_a_pass_changes_nothing_that_is_owed(owed, phase):
    let_pass(phase)
    owed[0].refresh_from_db()
    assert owed[0].is_open


def test_what_cannot_be_passed_is_refused(company, owed, phase):
    assert refusal_of(let_pass, phase, reason=" ").field == "reason"
    let_pass(phase)
    assert refusal_of(let_pass, phase).code == "already"
    assert GatePass.objects.count() == 1
    empty = company.campaign.phases.get(code="inspect")
    assert refusal_of(let_pass, empty).code == "met"
    company.campaign.closed_at = AFTER
    company.campaign.save()
    assert refusal_of(let_pass, phase).code == "not_running"


def test_a_campaign_is_closed_only_when_every_gate_is_met_or_passed(company, owed, phase):
    closing = {"campaign": company.campaign, "by": company.center, "at": AFTER}
    refusal = refusal_of(close_campaign, **closing)
    assert refusal.code == "gates" and "动员宣讲" in str(refusal)
    let_pass(phase)
    assert close_campaign(**closing).closed_at == AFTER


def test_nobodys_hands_are_bound_after_the_phase(company, owed):
    finish(owed[0], company)
    owed[0].refresh_from_db()
    assert owed[0].accepted_at


# Which milestones are gates


def test_they_are_chosen_in_a_draft_and_not_later(company):
    draft = cast.campaign("draft", started=False)
    cast.milestone(draft, "a")
    cast.milestone(draft, "b")
    choose = {"campaign": draft, "milestones": ["b", "no such"], "by": company.center, "at": AFTER}
    set_gates(**choose)
    set_gates(**choose)
    assert draft.milestones.get(is_gate=True).code == "b"
    assert history_of(draft).get().detail == {"added": [], "removed": ["a"]}
    submit_campaign(campaign=draft, by=company.center, at=AFTER)
    assert refusal_of(set_gates, **choose | {"milestones": ["a"]}).code == "submitted"


# In the center's work


def test_what_is_held_up_is_known_three_days_ahead_until_it_is_passed(company, owed, phase):
    milestones = list(phase.milestones.select_related("phase"))
    assert held_up(milestones, at=DURING) == []
    assert held_up(milestones, at=ENDING) == [(phase, 2)]
    let_pass(phase)
    assert held_up(milestones, at=AFTER) == []


def test_the_center_finds_it_in_its_work_and_nobody_else_does(client, company, owed):
    url = reverse("gate", args=["c11", "mobilize"])
    with time_machine.travel(AFTER, tick=False):
        for person, sees in (
            (company.center, True),
            (company.lead, False),
            (company.manager, False),
        ):
            client.force_login(person)
            assert (url in client.get("/").content.decode()) is sees


# The pages


@pytest.fixture
def visit(client, company):
    def visit(person=None, typed=None, query=""):
        client.force_login(person or company.center)
        url = reverse("gate", args=["c11", "mobilize"]) + query
        with time_machine.travel(AFTER, tick=False):
            return client.get(url) if typed is None else client.post(url, typed)

    return visit


def text(response):
    return response.content.decode()


def test_the_page_names_who_lacks_what(visit, owed):
    shown = text(visit())
    assert "还有 2 项没通过" in shown
    assert "锦澜府" in shown and "翠屏苑" in shown
    assert "放行这个关卡" in shown


def test_passing_on_the_page_shows_the_reason_to_the_company(visit, owed, company):
    assert visit(typed={"reason": "中秋“补交”🎉"}).status_code == 302
    shown = text(visit(company.executive))
    assert "中秋“补交”🎉" in shown and "放行这个关卡" not in shown


@pytest.mark.parametrize("reason", ["", " ", "长" * 2001])
def test_a_pass_without_a_fitting_reason_keeps_what_was_typed(visit, owed, reason):
    response = visit(typed={"reason": reason})
    assert response.status_code == 422
    assert reason.strip() in text(response)
    assert not GatePass.objects.exists()


def test_the_second_of_two_who_pass_it_at_once_is_told(visit, owed):
    visit(typed={"reason": "一"})
    assert "这个关卡已经放行过。" in text(visit(typed={"reason": "二"}))
    assert GatePass.objects.get().reason == "一"


def test_others_of_the_company_read_and_projects_see_only_the_state(visit, owed, company, client):
    assert "放行这个关卡" not in text(visit(company.lead))
    assert visit(company.lead, {"reason": "x"}).status_code == 403
    assert visit(company.manager).status_code == 403
    with time_machine.travel(AFTER, tick=False):
        shown = text(client.get(reverse("timeline", args=["c11"])))
    assert "关卡未达成" in shown and "还差 2 项" not in shown


@pytest.mark.parametrize("query", ["?milestone=x", "?milestone=%00", "?page=x"])
def test_garbage_in_the_address_is_passed_over(visit, owed, query):
    assert visit(query=query).context["gate"].lacking == 2


@pytest.mark.parametrize("name", ["campaign", "timeline"])
def test_the_gate_stands_wherever_the_phase_does(client, company, owed, name):
    client.force_login(company.center)
    with time_machine.travel(AFTER, tick=False):
        shown = text(client.get(reverse(name, args=["c11"])))
    assert reverse("gate", args=["c11", "mobilize"]) in shown
    assert "还差 2 项" in shown


def test_many_ask_no_more_of_the_database_than_few(visit, owed, company, django_assert_num_queries):
    few = queries_of(visit)
    for number in range(60):
        due = date(2011, 10, 1) + timedelta(number % 5)
        milestone = cast.milestone(company.campaign, f"m{number}", due=due)
        cast.obligation(milestone, project=company.one)
    with django_assert_num_queries(few):
        assert len(visit().context["page"]) == 50
