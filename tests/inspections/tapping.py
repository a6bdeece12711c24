"""A sheet's page as a browser uses it: a tap, and the pieces that come back."""

import re
import uuid

from django.urls import reverse

from inspections.words import Method
from tests.inspections.entering import item, requirement

JSON = {"accept": "application/json"}


def entry_url(sheet):
    return reverse("sheet_entry", args=[sheet.campaign.code, sheet.pk])


def switch_on(sheet, number=1, line=1, **fields):
    """What the page posts for a switch."""
    return {
        "do": "observe",
        "id": str(uuid.uuid4()),
        "item": item(sheet, number).pk,
        "requirement": requirement(sheet, number, line).pk,
        "missing": "1",
        "points": "1.5",
        "method": Method.OPEN,
        "note": "",
    } | fields


def tap(client, sheet, **fields):
    return client.post(entry_url(sheet), fields, headers=JSON)


def pieces(answer):
    """The changed pieces of the page by the ids of their places."""
    html = answer.json()["html"]
    return dict(re.findall(r'<template data-for="([^"]+)">(.*?)</template>', html, re.DOTALL))


def page_of(client, sheet, query=""):
    return client.get(sheet.get_absolute_url() + query).content.decode()
