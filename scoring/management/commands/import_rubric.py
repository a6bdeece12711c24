"""A rubric from a form in Excel, Word or text: the same reading and checks as the page."""

import json
import sys
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from campaign.models import Campaign
from organization.errors import Refused
from organization.files import FORMS, store_upload
from organization.models import Specialty
from scoring.forms import Understood
from scoring.forms.workbook import FILE_LIMIT
from scoring.importing import as_data, read_form
from scoring.rubrics import draft_rubric, publish_rubric


class Command(BaseCommand):
    help = "Read a rubric from a form (.xlsx, .xls, .csv, .docx): as a draft, or publish it."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--campaign", required=True)
        parser.add_argument("--specialty", required=True)
        parser.add_argument("--table", type=int, metavar="N", help="which table of several, from 1")
        parser.add_argument("--with-hidden", action="store_true", help="hidden rows and sheets too")
        parser.add_argument("--check", action="store_true", help="read and check, write nothing")
        parser.add_argument("--publish", action="store_true", help="publish it at once")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *, format, file, **options):
        try:
            understood, refusals = self.run(file=file, **options)
        except Unreadable as error:
            understood, refusals = Understood(), [str(error)]
        data = as_data(understood, file.name)
        data["errors"] += [
            {"file": file.name, "sheet": None, "cell": None, "message": text} for text in refusals
        ]
        self.tell(data)
        if format == "json":
            self.stdout.write(json.dumps(data, ensure_ascii=False, indent=2))
        else:
            self.show(data)
        if data["errors"]:
            sys.exit(1)

    def run(self, *, file, campaign, specialty, table, with_hidden, check, publish, **options):
        """What was understood, and why it was refused although the file is right."""
        held = found(Campaign.objects.filter(code=campaign), f"campaign {campaign}")
        line = found(Specialty.objects.filter(code=specialty), f"specialty {specialty}")
        data = content(file)
        understood = read_form(
            data, name=file.name, campaign=held, specialty=line, number=table,
            with_hidden=with_hidden,
        )  # fmt: skip
        if check or understood.errors:
            return understood, []
        try:
            self.keep(held, line, understood, file.name, data, publish)
        except Refused as refusal:
            return understood, [str(refusal)]
        except ValidationError as refusal:
            return understood, refusal.messages
        return understood, []

    @transaction.atomic
    def keep(self, campaign, specialty, understood, name, data, publish):
        at = timezone.now()
        stored = store_upload(upload=SimpleUploadedFile(name, data), by=None, at=at, allow=FORMS)
        rubric = draft_rubric(
            campaign=campaign,
            specialty=specialty,
            understood=understood,
            by="command",
            at=at,
            source=stored,
        )
        if publish:
            publish_rubric(rubric=rubric, by="command", at=at)

    def tell(self, data):
        for kind in ("errors", "warnings"):
            for entry in data[kind]:
                place = " ".join(filter(None, (entry["file"], entry["sheet"], entry["cell"])))
                self.stderr.write(f"{kind[:-1]}: {place}: {entry['message']}")

    def show(self, data):
        for item in data["items"]:
            figures = (
                item["code"],
                item["section"],
                item["name"],
                item["points"],
                item["deduct_min"],
                item["deduct_max"],
                len(item["requirements"]),
            )
            self.stdout.write("\t".join("-" if each is None else str(each) for each in figures))
        self.stdout.write(f"total\t{data['total'] or '-'}")


class Unreadable(Exception):
    """The command line names something that is not there."""


def found(queryset, what):
    thing = queryset.first()
    if thing is None:
        raise Unreadable(f"没有找到 / not found: {what}")
    return thing


def content(file: Path) -> bytes:
    """What is in the file, or enough of it to see that it is too large."""
    try:
        with file.open("rb") as stream:
            return stream.read(FILE_LIMIT + 1)
    except OSError as error:
        raise Unreadable(f"{file}: {error.strerror}") from error
