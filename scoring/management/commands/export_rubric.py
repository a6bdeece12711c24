"""A rubric in the company's Excel form; importing the file gives the same rubric."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from scoring.company_form import company_form
from scoring.models import Rubric


class Command(BaseCommand):
    help = "Write a specialty's rubric, the version in force or else the draft, as an Excel form."

    def add_arguments(self, parser):
        parser.add_argument("--campaign", required=True)
        parser.add_argument("--specialty", required=True)
        parser.add_argument("--output", type=Path, help="a file; without it, standard output")

    def handle(self, *, campaign, specialty, output, **options):
        found = Rubric.objects.filter(campaign__code=campaign, specialty__code=specialty)
        rubric = found.current().first() or found.drafts().first()
        if rubric is None:
            raise CommandError(
                f"{campaign} 没有 {specialty} 的评分细则 / no rubric {specialty} in {campaign}"
            )
        data = company_form(rubric)
        if output is None:
            self.stdout.buffer.write(data)
            return
        try:
            output.write_bytes(data)
        except OSError as error:
            raise CommandError(f"{output}: {error.strerror}") from error
