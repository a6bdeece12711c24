"""One's own password: changed by oneself, and changed first where somebody else set it."""

import pytest
from django.test import Client
from django.urls import reverse

from organization.history import history_of
from organization.models import ApiToken, User
from tests import cast

pytestmark = pytest.mark.django_db
OLD, NEW = cast.PASSWORD, "quiet-Harbour-77"
GIVEN = "lent-Harbour-55"


@pytest.fixture
def person():
    return cast.person("zhou", "周雁", "employee")


@pytest.fixture
def admin():
    return cast.person("admin", "何清", "administrator", is_staff=True)


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def change(client, *, old=OLD, new=NEW, again=None, **more):
    sent = {"old_password": old, "new_password1": new, "new_password2": again or new}
    return client.post(reverse("my_password"), sent | more)


def words_of(page) -> str:
    return page.content.decode()


def test_the_new_password_opens_the_door_and_the_old_one_no_more(person):
    change(signed_in(person))
    person.refresh_from_db()
    assert person.check_password(NEW)
    assert not person.check_password(OLD)


def test_a_change_stands_in_the_history_without_the_password(person):
    change(signed_in(person))
    (entry,) = history_of(person)
    assert (entry.verb, entry.by) == ("set_password", person)
    assert entry.detail == {}


def test_ones_own_session_goes_on_and_all_others_end(person):
    here, elsewhere = signed_in(person), signed_in(person)
    change(here)
    assert here.get(reverse("me")).status_code == 200
    assert elsewhere.get(reverse("me")).url.startswith(reverse("login"))


def test_the_session_gets_a_new_key(person):
    client = signed_in(person)
    before = client.session.session_key
    change(client)
    assert client.session.session_key != before


def test_the_next_page_says_what_ended(person):
    client = signed_in(person)
    change(client)
    assert "以前生成的接口令牌也停用了" in words_of(client.get(reverse("me")))


def test_tokens_made_before_are_over(person):
    at = cast.NOW
    ApiToken.objects.create(user=person, name="报表", digest="d", made_at=at)
    change(signed_in(person))
    assert not ApiToken.objects.in_force(at=at).exists()


@pytest.mark.parametrize(
    "sent, said",
    [
        ({"old": "wrong-Harbour-1"}, "原密码不对。"),
        ({"new": "short-1"}, "至少 10 个字符"),
        ({"again": "quiet-Harbour-78"}, "两遍密码不一样"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_changes(person, sent, said):
    page = change(signed_in(person), **sent)
    assert said in words_of(page)
    person.refresh_from_db()
    assert person.check_password(OLD)


def test_the_old_password_is_no_way_to_guess_either(person):
    client = signed_in(person)
    for _ in range(5):
        page = change(client, old="wrong-Harbour-1")
    assert "试错太多次了" in words_of(page)
    change(client)
    person.refresh_from_db()
    assert person.check_password(OLD)


def test_an_older_hash_made_anew_meanwhile_does_not_end_the_session(person, settings):
    settings.PASSWORD_HASHERS = [
        "organization.passwords.PasswordHasher",
        *settings.PASSWORD_HASHERS,
    ]
    client = signed_in(person)
    change(client, new="short-1")
    assert client.get(reverse("me")).status_code == 200


# --- where somebody else set it ------------------------------------------------------------------


@pytest.fixture
def given(admin, person):
    """A person whose password the administrator has just set."""
    address = reverse("admin:auth_user_password_change", args=[person.pk])
    sent = {"password1": GIVEN, "password2": GIVEN, "usable_password": "true"}
    signed_in(admin).post(address, sent | {"set-password": "1"})
    person.refresh_from_db()
    return person


def test_a_given_password_stands_in_the_history_with_who_gave_it(given, admin):
    assert given.password_is_first
    (entry,) = history_of(given)
    assert (entry.verb, entry.by) == ("set_password", admin)


@pytest.mark.parametrize("page", ["home", "me", "campaigns", "admin:index"])
def test_before_any_other_page_comes_a_password_of_ones_own(given, page):
    asked = signed_in(given).get(reverse(page))
    assert asked.url == f"{reverse('my_password')}?next={reverse(page)}"


def test_what_was_asked_for_comes_afterwards(given):
    client = signed_in(given)
    answer = change(client, old=GIVEN, next="/me/tokens/")
    assert answer.url == "/me/tokens/"
    assert client.get("/me/tokens/").status_code == 200


def test_it_leads_to_no_other_site(given):
    answer = change(signed_in(given), old=GIVEN, next="https://elsewhere.example/")
    assert answer.url == "/"


def test_the_given_password_is_not_ones_own(given):
    assert "新密码不能和原密码一样。" in words_of(change(signed_in(given), old=GIVEN, new=GIVEN))


def test_a_form_that_is_sent_meanwhile_stays_on_the_device(given):
    client = signed_in(given)
    assert client.post("/me/tokens/", {"name": "报表", "days": "30"}).status_code == 302
    assert "form-keep.js" not in words_of(client.get(reverse("my_password")))
    assert not ApiToken.objects.exists()


def test_programs_are_told_so(given):
    answer = signed_in(given).get("/api/v1/receipts")
    assert (answer.status_code, answer.json()["code"]) == (403, "first_password")
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_signing_out_and_the_language_stay_open(given):
    client = signed_in(given)
    client.post(reverse("language"), {"language": "en"})
    page = client.get(reverse("my_password"))
    assert "Choose a password of your own first" in words_of(page)
    assert client.post(reverse("logout")).url == reverse("login")


def test_somebody_new_with_a_password_chooses_another_one(admin):
    add = {"username": "lin", "name": "林涛", "usable_password": "true"}
    add |= {"password1": GIVEN, "password2": GIVEN}
    posts = {"posts-TOTAL_FORMS": "0", "posts-INITIAL_FORMS": "0"}
    signed_in(admin).post(reverse("admin:organization_user_add"), add | posts)
    assert User.objects.get(username="lin").password_is_first


def test_ones_own_change_in_the_list_of_people_is_no_first_one(admin):
    address = reverse("admin:auth_user_password_change", args=[admin.pk])
    sent = {"password1": GIVEN, "password2": GIVEN, "usable_password": "true"}
    signed_in(admin).post(address, sent | {"set-password": "1"})
    admin.refresh_from_db()
    assert admin.check_password(GIVEN)
    assert not admin.password_is_first


def test_a_password_that_was_not_changed_leaves_no_record(admin, person):
    address = reverse("admin:auth_user_password_change", args=[person.pk])
    sent = {"password1": GIVEN, "password2": "another-one-1", "usable_password": "true"}
    signed_in(admin).post(address, sent | {"set-password": "1"})
    assert not history_of(person)


def test_the_admin_sites_own_page_leads_here(admin):
    assert signed_in(admin).get(reverse("admin:password_change")).url == reverse("my_password")


def test_an_upgraded_hash_leaves_a_given_password_given(given, settings):
    settings.PASSWORD_HASHERS = [
        "organization.passwords.PasswordHasher",
        *settings.PASSWORD_HASHERS,
    ]
    assert given.check_password(GIVEN)
    given.refresh_from_db()
    assert given.password.startswith("argon2$")
    assert given.password_is_first
