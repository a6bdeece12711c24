"""The second step of signing in: apps, recovery codes, roles that have to have one."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from organization import factors, vault
from organization.errors import Refused
from organization.history import history_of
from organization.models import SecondFactor, SignedIn, SignInRule
from organization.roles import Role
from organization.vault import KEEPERS
from tests import cast

pytestmark = pytest.mark.django_db
ME = reverse("me")
STEP = timedelta(seconds=factors.STEP)


@pytest.fixture
def person():
    return cast.person("zhou", "周雁", "employee")


@pytest.fixture
def admin():
    return cast.person("admin", "管理员", "administrator", is_staff=True)


def shown(sealed, at) -> str:
    return factors.totp(sealed).generate(int(at.timestamp())).decode()


def with_app(user, at=None) -> SecondFactor:
    at, sealed = at or timezone.now() - timedelta(minutes=5), factors.new_key()
    about = {"user": user, "name": "手机", "sealed": sealed}
    return factors.add_app(**about, code=shown(sealed, at), at=at)


def sign_in(username="zhou") -> Client:
    client = Client()
    client.post(reverse("login"), {"username": username, "password": cast.PASSWORD})
    return client


def give(client, code, where="/"):
    return client.post(reverse("second_step"), {"code": code, "next": where})


def verbs(on) -> list[str]:
    return [entry.verb for entry in history_of(on)]


def test_without_a_factor_nothing_is_asked(person):
    assert sign_in().get(ME).status_code == 200


def test_with_one_nothing_opens_before_its_code(person):
    factor = with_app(person)
    client = sign_in()
    answer = client.get(ME)
    assert answer.url == f"{reverse('second_step')}?next={ME}"
    assert client.get(reverse("my_factors")).url.startswith(reverse("second_step"))
    assert client.get("/api/v1/receipts").json()["code"] == "second_step"
    assert client.get(reverse("admin:index")).url.startswith(reverse("second_step"))
    key = client.session.session_key
    assert give(client, shown(factor.secret, timezone.now()), ME).url == ME
    assert client.get(ME).status_code == 200
    assert client.session.session_key != key
    assert SignedIn.objects.get().session_key == client.session.session_key


def test_a_code_opens_once(person):
    factor = with_app(person)
    code = shown(factor.secret, timezone.now())
    assert give(sign_in(), code).status_code == 302
    again = give(sign_in(), code)
    assert (again.status_code, "已经用过" in again.content.decode()) == (422, True)


@pytest.mark.parametrize("late, opens", [(-2, False), (-1, True), (1, True), (2, False)])
def test_a_clock_may_be_one_step_off(person, late, opens):
    factor = with_app(person)
    at = timezone.now()
    code = shown(factor.secret, at + late * STEP)
    about = {"user": person, "code": code, "address": "203.0.113.7"}
    assert factors.try_code(**about, at=at) is opens


def test_whoever_guesses_has_to_wait_and_the_wait_is_on_record(person, admin):
    factor = with_app(person)
    client = sign_in()
    answers = [give(client, "000000") for _n in range(6)]
    assert [answer.status_code for answer in answers] == [422] * 5 + [429]
    assert give(client, shown(factor.secret, timezone.now())).status_code == 429
    assert "hold_factor" in verbs(person)
    assert sign_in().get(ME).status_code == 302  # the password is another matter
    lift = {"action": "let_sign_in", "_selected_action": [person.pk]}
    client_of_admin = sign_in("admin")
    client_of_admin.post(reverse("admin:organization_user_changelist"), lift)
    assert give(client, shown(factor.secret, timezone.now())).status_code == 302


def test_a_recovery_code_opens_once_however_it_is_typed(person):
    with_app(person)
    code, *_others = factors.make_codes(user=person, at=timezone.now())
    assert give(sign_in(), code.upper().replace("-", " ")).status_code == 302
    assert give(sign_in(), code).status_code == 422
    assert (factors.codes_left(person), verbs(person)[0]) == (9, "use_code")
    kept = "".join(person.recovery_codes.values_list("digest", flat=True))
    assert code not in kept


def test_an_app_is_added_on_the_page_and_brings_recovery_codes(person):
    client, elsewhere = sign_in(), sign_in()
    page = reverse("my_factors")
    client.post(page, {"do": "begin"})
    assert "data:image/svg" in client.get(page).content.decode()
    sealed = client.session["app_key"]
    wrong = client.post(page, {"do": "app", "name": "我的手机", "code": "000000"})
    assert (wrong.status_code, "我的手机" in wrong.content.decode()) == (422, True)
    sent = {"do": "app", "name": "我的手机", "code": shown(sealed, timezone.now())}
    codes = client.post(page, sent).context["codes"]
    assert len(set(codes)) == 10
    assert client.get(ME).status_code == 200
    assert elsewhere.get(ME).status_code == 302, "it never took the second step"
    assert codes[0] not in client.get(page).content.decode()
    assert client.post(page, sent).status_code == 422, "the key is taken"
    assert {"add_factor", "make_codes"} <= set(verbs(person))


def test_it_is_dropped_with_its_codes(person):
    factor = with_app(person)
    client = sign_in()
    give(client, shown(factor.secret, timezone.now()))
    factors.make_codes(user=person, at=timezone.now())
    client.post(reverse("my_factors"), {"do": "drop", "factor": factor.pk})
    assert (person.factors.count(), person.recovery_codes.count()) == (0, 0)
    assert sign_in().get(ME).status_code == 200


def test_nobody_drops_anothers(person, admin):
    factor = with_app(person)
    client = sign_in("admin")
    sent = {"do": "drop", "factor": factor.pk}
    assert client.post(reverse("my_factors"), sent).status_code == 404
    assert person.factors.get() == factor


def test_who_has_to_have_one_sets_it_up_first(person, admin):
    before = sign_in()
    sign_in("admin").post(reverse("sign_in_rules"), {"role": ["employee", "sovereign"]})
    assert before.get(ME).status_code == 200, "from the next sign-in on"
    client = sign_in()
    assert client.get(ME).url.startswith(reverse("my_factors"))
    client.post(reverse("my_factors"), {"do": "begin"})
    code = shown(client.session["app_key"], timezone.now())
    client.post(reverse("my_factors"), {"do": "app", "name": "手机", "code": code})
    assert client.get(ME).status_code == 200
    with pytest.raises(Refused) as refused:
        factors.drop_factor(factor=person.factors.get(), at=timezone.now())
    assert refused.value.code == "demanded"
    (entry,) = history_of(SignInRule.objects.get())
    assert (entry.by, entry.detail) == (admin, {"were": [], "are": ["employee"]})


def test_the_rules_say_how_many_hold_each_role_and_are_ready(person, admin):
    cast.person("gone", "离职的人", "employee", is_active=False)
    with_app(person)
    assert factors.holders() == {"employee": (1, 1), "administrator": (1, 0)}


def test_of_many_people_only_who_is_ready_is_counted_each_time(person, admin, monkeypatch):
    monkeypatch.setattr(factors, "KEPT_HOLDERS", factors.Kept())
    assert factors.holders()["employee"] == (1, 0)
    other = cast.person("wu", "吴桐", "employee")
    assert factors.holders()["employee"] == (2, 0), "of few each time"
    monkeypatch.setattr(factors.Kept, "MANY", 2)
    factors.holders()
    cast.person("xu", "许诺", "employee")
    with_app(other)
    assert factors.holders()["employee"] == (2, 1)
    factors.KEPT_HOLDERS.until = 0
    assert factors.holders()["employee"] == (3, 1)


def test_who_had_to_set_one_up_goes_on_to_where_they_wanted(person):
    SignInRule.objects.create(pk=1, roles=["employee"])
    client, wanted = sign_in(), f"{reverse('inbox')}?page=2"
    client.get(client.get(wanted).url)
    client.post(reverse("my_factors"), {"do": "begin"})
    code = shown(client.session["app_key"], timezone.now())
    page = client.post(reverse("my_factors"), {"do": "app", "name": "手机", "code": code})
    assert page.context["on"] == wanted


def test_the_same_rules_again_are_no_change(admin):
    for _n in range(2):
        factors.demand_of(roles=[Role.PRESIDENT], by=admin, at=timezone.now())
    assert len(history_of(SignInRule.objects.get())) == 1


def test_the_first_password_comes_after_the_second_step(person):
    factor = with_app(person)
    type(person).objects.update(password_is_first=True)
    client = sign_in()
    assert client.get(ME).url.startswith(reverse("second_step"))
    assert client.get(reverse("my_password")).url.startswith(reverse("second_step"))
    give(client, shown(factor.secret, timezone.now()))
    assert client.get(ME).url.startswith(reverse("my_password"))


def test_an_administrator_takes_away_what_was_lost(person, admin):
    with_app(person)
    sent = {"action": "without_factors", "_selected_action": [person.pk, admin.pk]}
    sign_in("admin").post(reverse("admin:organization_user_changelist"), sent)
    assert sign_in().get(ME).status_code == 200
    assert (verbs(person)[0], verbs(admin)) == ("clear_factors", [])


def test_everybodys_are_taken_away_in_as_many_queries_as_a_few(admin):
    people = [cast.person(f"lost{number}", "失", "employee") for number in range(12)]

    def take_from(some):
        for each in some:
            with_app(each)
        with CaptureQueriesContext(connection) as asked:
            assert factors.clear_factors(people=people, by=admin, at=timezone.now()) == len(some)
        return len(asked)

    assert take_from(people) == take_from(people[:2])
    assert [verbs(each)[0] for each in people] == ["clear_factors"] * 12
    assert not SecondFactor.objects.filter(user__in=people).exists()


def test_keys_are_kept_sealed_and_sealed_anew(person):
    factor = with_app(person)
    key = factors.typed_by_hand(factor.secret)
    assert key.replace(" ", "") not in factor.secret
    assert factors.reseal_apps in KEEPERS
    assert factors.reseal_apps() == (1, [])
    factor.refresh_from_db()
    assert factors.typed_by_hand(factor.secret) == key
    SecondFactor.objects.update(secret=vault.seal("x")[:-4])
    assert factors.reseal_apps()[1] == [f"zhou {factor}"]
