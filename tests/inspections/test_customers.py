"""Lists of customers: taken whole or not at all, sealed, masked, erased when their time is over."""

import base64
import json
from datetime import timedelta

import pytest
from cryptography.fernet import Fernet
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection

from inspections.callback.customer_list import phone_of
from inspections.callback.customers import (
    confirm_customers,
    erase_due,
    forget_customer,
    keep_customers,
    preview,
)
from inspections.callback.terms import set_terms
from inspections.models import Callee, Customer, CustomerUpload
from inspections.models.callbacks import Call
from organization.errors import Conflict, Refused
from organization.history import history_of
from organization.lists import ListRefused
from organization.models import HistoryEntry
from organization.vault import derived
from tests import cast
from tests.inspections.calling import (
    AT,
    PHONE,
    a_file,
    call,
    callees,
    drawn,
    listed,
    row,
    rows,
)
from tests.lists import workbook
from tests.queries import queries_of


@pytest.fixture
def company(db):
    return cast.company()


def phones(company):
    return [each.secret["phone"] for each in Customer.objects.listed()]


def bad_cells(company, *lines, **options):
    with pytest.raises(ListRefused) as caught:
        listed_file(company, a_file(*lines, **options))
    return [(each.row, each.column) for each in caught.value.errors]


def listed_file(company, file):
    return keep_customers(campaign=company.campaign, upload=file, by=company.center, at=AT)


# --- importing ---------------------------------------------------------------------------------


def test_a_list_is_taken_and_numbered_by_project(company):
    plan = listed(company, lines=[row(1), row(2), row(3, project="翠屏苑")])
    assert len(plan.added) == 3
    found = Customer.objects.order_by("project__code", "number")
    assert [(each.project, each.number) for each in found] == [
        (company.one, 1), (company.one, 2), (company.two, 1),
    ]  # fmt: skip
    assert phones(company) == [PHONE.format(n) for n in (1, 2, 3)]


def test_the_same_list_again_changes_nothing(company):
    listed(company, 3)
    plan = listed(company, 3)
    assert (plan.added, plan.changed, len(plan.unchanged)) == ([], [], 3)


def test_a_known_number_is_brought_up_to_date_and_not_doubled(company):
    listed(company, 2)
    plan = listed(company, lines=[row(1, name="试用户改名"), row(9)])
    assert (len(plan.added), len(plan.changed)) == (1, 1)
    found = Customer.objects.get(number=1)
    assert found.secret["name"] == "试用户改名" and Customer.objects.count() == 3


def test_every_bad_cell_is_named_and_nothing_is_kept(company):
    lines = [
        row(1), row(2, project="没有这个"), row(3, name=""), row(4, phone="12345"),
        row(5, kind="路人"), row(6, phone="1.99E+10"), row(7, unit="长" * 61),
        row(8, phone=PHONE.format(1)),
    ]  # fmt: skip
    assert bad_cells(company, *lines) == [
        (3, "project"), (4, "name"), (5, "phone"), (6, "kind"), (7, "phone"), (8, "unit"),
        (9, "phone"),
    ]  # fmt: skip
    assert not CustomerUpload.objects.exists() and not Customer.objects.exists()


@pytest.mark.parametrize("heads", [("姓名", "房号"), ("项目", "姓名", "房号", "备注", "类型")])
def test_a_list_without_its_columns_is_refused(company, heads):
    with pytest.raises(ListRefused):
        listed_file(company, a_file(["试用户", "1-1", "", "", ""], heads=heads))


def test_a_formula_is_refused_where_it_stands(company):
    file = workbook(["项目", "姓名", "电话"], ["P01", "=1+1", PHONE.format(1)])
    with pytest.raises(ListRefused) as caught:
        listed_file(company, named(file))
    assert [each.cell for each in caught.value.errors] == ["B2"]


def named(data, name="customers.xlsx"):
    return SimpleUploadedFile(name, data)


def test_numbers_that_excel_made_figures_are_read(company):
    file = named(workbook(["项目", "姓名", "电话"], ["P01", "试用户", 19900000001]))
    listed_file(company, file)
    assert preview(CustomerUpload.objects.get()).added[0].phone == "19900000001"


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("199 0000 0001", "19900000001"),
        ("+86 199-0000-0001", "19900000001"),
        ("008619900000001", "19900000001"),
        ("19900000001.0", "19900000001"),
        ("１９９０００００００１", "19900000001"),
        ("028-5550 0001", "02855500001"),
        ("(028)55500001", "02855500001"),
        ("2855500001", ""),
        ("1.99E+10", ""),
        ("29900000001", ""),
        ("199000000011", ""),
        ("=1+1", ""),
        ("", ""),
    ],
)
def test_numbers_as_people_write_them(typed, read):
    assert phone_of(typed) == read


def test_what_changed_between_looking_and_confirming_is_a_conflict(company):
    first, second = listed_file(company, a_file(row(1))), listed_file(company, a_file(row(1)))
    seen = preview(second).mark
    confirm_customers(upload=first, by=company.center, at=AT)
    with pytest.raises(Conflict):
        confirm_customers(upload=second, by=company.center, at=AT, seen=seen)


def test_a_list_is_taken_once_and_its_rows_are_gone_then(company):
    listed(company, 1)
    upload = CustomerUpload.objects.get()
    assert upload.sealed == ""
    with pytest.raises(Refused):
        confirm_customers(upload=upload, by=company.center, at=AT)


# --- sealed and masked -------------------------------------------------------------------------


def everything_stored() -> str:
    """Every text of every table."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 names of the database
            found += [str(cell) for line in cursor.fetchall() for cell in line]
    return "\n".join(found)


def test_no_table_holds_a_name_or_a_number_in_clear(company):
    sample = drawn(company, count=3)
    call(callees(sample)[0], company.auditor, complaint="等了很久", remark="晚上再打")
    listed_file(company, a_file(row(8)))
    stored = everything_stored()
    assert "等了很久" in stored
    found = [word for word in ("1990000", "试用户", json.dumps("试用户")[1:-1]) if word in stored]
    assert found == []


def test_a_customer_is_shown_masked(company):
    listed(company, 1)
    customer = Customer.objects.get()
    assert customer.masked == {"name": "试***", "unit": "1-0001", "phone": "199****0001"}
    assert "1990" not in repr(customer) + str(customer)


def test_a_refusal_repeats_neither_name_nor_number(company):
    with pytest.raises(ListRefused) as caught:
        listed_file(company, a_file(row(1, phone="19900000"), row(2, name="名" * 61)))
    assert "1990" not in str(caught.value) and "名名" not in str(caught.value)


def test_new_keys_keep_the_list_and_find_its_numbers(company, settings):
    listed(company, 2)
    new = Fernet.generate_key().decode()
    settings.CHANNEL_KEYS = [new, derived(settings.SECRET_KEY)]
    assert len(listed(company, 2).unchanged) == 2
    call_command("reseal")
    settings.CHANNEL_KEYS = [new]
    assert len(listed(company, 2).unchanged) == 2


def test_without_keys_a_real_installation_takes_no_list(company, settings):
    settings.EMBEDDED, settings.CHANNEL_KEYS = False, []
    with pytest.raises(Refused, match="CHANNEL_KEYS"):
        listed_file(company, a_file(row(1)))


# --- erasing -----------------------------------------------------------------------------------


def test_a_list_is_erased_when_its_time_is_over_and_answers_stay(company):
    sample = drawn(company, count=15)
    call(callees(sample)[0], company.auditor)
    assert erase_due(by="schedule", at=AT + timedelta(days=59)) == 0
    assert erase_due(by="schedule", at=AT + timedelta(days=61)) == 15
    assert not Customer.objects.listed().exists()
    assert Customer.objects.count() == Callee.objects.count() == 10
    assert Call.objects.get().answers.count() == 2
    assert history_of(company.campaign).first().detail == {"count": 15, "days": 60}


def test_the_campaign_says_how_long(company):
    listed(company, 1)
    figures = {"size": 5, "tries": 2, "least": 3, "days": 7}
    set_terms(campaign=company.campaign, figures=figures, by=company.center, at=AT)
    assert erase_due(by="schedule", at=AT + timedelta(days=8)) == 1


def test_a_list_that_names_somebody_again_keeps_them(company):
    listed(company, 2)
    later = AT + timedelta(days=40)
    listed(company, 1, at=later)
    assert erase_due(by="command", at=AT + timedelta(days=61)) == 1
    assert [each.number for each in Customer.objects.listed()] == [1]


def test_a_list_that_nobody_confirmed_is_gone_after_a_day(company):
    upload = listed_file(company, a_file(row(1)))
    erase_due(by="schedule", at=AT + timedelta(hours=25))
    with pytest.raises(Refused):
        preview(CustomerUpload.objects.get(pk=upload.pk))


def test_whoever_asks_is_erased_at_once(company):
    listed(company, 2)
    customer = Customer.objects.first()
    forget_customer(customer=customer, by=company.center, at=AT)
    assert Customer.objects.count() == 1
    entry = HistoryEntry.objects.get(verb="forget_customer")
    assert entry.detail == {"project": "P01", "number": 1}


def test_no_later_list_brings_back_who_asked_to_be_erased(company, settings):
    listed(company, 2)
    forget_customer(customer=Customer.objects.first(), by=company.center, at=AT)
    plan = listed(company, lines=[*rows(3), row(1, project="翠屏苑")])
    assert (len(plan.left_out), len(plan.added)) == (2, 1)
    assert PHONE.format(1) not in phones(company)
    assert history_of(company.campaign).first().detail["left_out"] == 2
    settings.EVIDENCE_KEYS = [base64.urlsafe_b64encode(b"k" * 32).decode()]
    with pytest.raises(Refused, match="EVIDENCE_KEYS"):
        listed(company, 1)


def test_who_asks_is_erased_wherever_the_number_stands(company):
    listed(company, lines=[row(1), row(1, project="翠屏苑"), row(2)])
    forget_customer(customer=Customer.objects.first(), by=company.center, at=AT)
    assert phones(company) == [PHONE.format(2)]
    assert HistoryEntry.objects.filter(verb="forget_customer").count() == 2


def test_the_hash_holds_no_number_and_may_be_taken_back(company, monkeypatch):
    listed(company, 1)
    forget_customer(customer=Customer.objects.get(), by=company.center, at=AT)
    assert "1990000" not in everything_stored()
    monkeypatch.setattr("builtins.input", lambda _asked: "199 0000 0001")
    call_command("readmit_customer")
    assert len(listed(company, 1).added) == 1
    with pytest.raises(CommandError):
        call_command("readmit_customer")


def test_ten_thousand_customers_are_taken(company):
    lines = [*rows(9999), row(1, project="P02")]
    assert len(listed(company, lines=lines).added) == 10_000
    assert len(listed(company, 1).unchanged) == 1


def test_looking_at_a_list_costs_the_same_for_few_and_many(company):
    listed(company, 40)
    costs = []
    for count in (3, 30):
        upload = listed_file(company, a_file(*rows(count), *[row(count + 50)]))
        costs.append(queries_of(lambda upload=upload: preview(upload).mark))
    assert costs[0] == costs[1] <= 4


def test_the_erasing_command_says_how_many(company, capsys):
    listed(company, 2, at=AT - timedelta(days=4000))
    call_command("erase_customers")
    assert "2" in capsys.readouterr().out
