"""Projects, people and posts from an Excel list; all of it or nothing."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from campaign.models import Campaign
from campaign.setup import enter_projects
from organization.list_file import read_list
from organization.lists import ListRefused
from organization.staff import STAFF, import_staff


class Command(BaseCommand):
    help = "Import projects and staff from an .xlsx or .csv file; one row is one post."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--campaign", help="code; also enters the projects in that campaign")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *, file, campaign, format, **options):
        held = self.find(campaign)
        if not file.is_file():
            raise CommandError(f"找不到文件 / no such file: {file}")
        try:
            done = self.write(file, held)
        except ListRefused as refusal:
            self.refuse(refusal, format)
        self.report(done, format)

    def find(self, code):
        held = Campaign.objects.filter(code=code).first() if code else None
        if code and held is None:
            raise CommandError(f"没有编码为 {code} 的专项工作 / no campaign {code}")
        return held

    @transaction.atomic
    def write(self, file, campaign):
        at = timezone.now()
        done = import_staff(rows=read_list(file, STAFF).rows, by="command", at=at)
        if campaign:
            enter_projects(campaign=campaign, projects=done.entered, by="command", at=at)
        return done

    def refuse(self, refusal, format):
        for error in refusal.errors:
            self.stderr.write(str(error))
        if format == "json":
            rows = [
                {"sheet": e.sheet, "cell": e.cell, "message": e.message} for e in refusal.errors
            ]
            self.stdout.write(json.dumps({"errors": rows}, ensure_ascii=False, indent=2))
        raise CommandError(f"{len(refusal.errors)} 处错误，没有写入任何数据 / nothing written")

    def report(self, done, format):
        counts = {"projects": done.projects, "people": done.people, "posts": done.posts}
        if format == "json":
            self.stdout.write(json.dumps(counts | {"errors": []}, ensure_ascii=False, indent=2))
            return
        self.stdout.write(
            f"新增项目 {done.projects} 个，人员 {done.people} 名，岗位 {done.posts} 个"
        )
