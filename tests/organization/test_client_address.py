"""Whose address a request is counted under."""

import pytest
from django.test import RequestFactory

from organization.addresses import client_address, counted_as


@pytest.fixture
def came(settings):
    def came(*, hops, seen="", peer="10.0.0.2"):
        settings.PROXY_HOPS = hops
        more = {"HTTP_X_FORWARDED_FOR": seen} if seen else {}
        return client_address(RequestFactory().get("/", REMOTE_ADDR=peer, **more))

    return came


def test_without_a_proxy_nobody_says_where_they_are(came):
    assert came(hops=0, seen="198.51.100.1") == "10.0.0.2"


def test_behind_one_proxy_it_is_the_address_that_the_proxy_saw(came):
    assert came(hops=1, seen="1.1.1.1, 198.51.100.1") == "198.51.100.1"


def test_behind_two_it_is_what_the_outer_one_saw(came):
    assert came(hops=2, seen="1.1.1.1, 198.51.100.1, 10.0.0.1") == "198.51.100.1"


@pytest.mark.parametrize("seen", ["", "unknown", "198.51.100.1:4711"])
def test_what_is_no_address_counts_for_the_nearest_one(came, seen):
    assert came(hops=1, seen=seen) == "10.0.0.2"


def test_a_socket_file_has_none(came):
    assert came(hops=0, peer="") == ""


def test_a_phone_that_takes_a_new_address_of_its_network_is_the_same():
    assert counted_as("2001:db8:1:2::a") == counted_as("2001:db8:1:2:ffff::b")


def test_an_older_address_in_the_newer_notation_is_the_same():
    assert counted_as("::ffff:203.0.113.7") == counted_as("203.0.113.7")
