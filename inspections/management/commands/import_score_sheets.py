"""Filled company forms become submitted score sheets; a bad one stops none of the good ones."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from campaign.models import Campaign
from inspections.sheet.filled_forms import Fault, import_filled_form
from inspections.words import Method
from organization.errors import Refused
from organization.models import User
from organization.templatetags.ui import points, score

# What desktops leave in a folder by themselves.
NO_FORMS = {"thumbs.db", "desktop.ini"}


class Command(BaseCommand):
    help = "Import a filled score form, or a folder of them, named <project>_<specialty>.xlsx."

    def add_arguments(self, parser):
        parser.add_argument("path", type=Path)
        parser.add_argument("--campaign", required=True)
        parser.add_argument(
            "--auditor", required=True, help="user name; whose observations they are"
        )
        parser.add_argument("--method", choices=Method.values, default=Method.OPEN)
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *, path, campaign, auditor, method, format, **options):
        held = found(
            Campaign, f"没有编码为 {campaign} 的专项工作 / no campaign {campaign}", code=campaign
        )
        person = found(User, f"没有用户 {auditor} / no user {auditor}", username=auditor)
        files = forms_in(path)
        results = [self.take(file, path, held, person, method) for file in files]
        if format == "json":
            self.stdout.write(json.dumps(results, ensure_ascii=False, indent=2))
        refused = sum(result["result"] == "refused" for result in results)
        if refused:
            raise CommandError(f"{refused} / {len(files)} 个文件没有导入 / files not imported")

    def take(self, file, path, campaign, auditor, method) -> dict:
        name = str(file.relative_to(path)) if path.is_dir() else file.name
        try:
            done = import_filled_form(
                file=file, campaign=campaign, auditor=auditor, method=method, at=timezone.now()
            )
        except Refused as refusal:
            faults = getattr(refusal, "faults", [Fault(str(refusal))])
            return self.tell(refused(name, faults))
        return self.tell(imported(name, done))

    def tell(self, result) -> dict:
        """One line per file and fault for who looks on; never on the stream of the results."""
        self.stderr.write(f"{result['file']}: {WORDS[result['result']]}")
        for fault in result["errors"] + result["warnings"]:
            where = " ".join(filter(None, (fault["sheet"], fault["cell"])))
            self.stderr.write(
                f"  {where}  {fault['message']}" if where else f"  {fault['message']}"
            )
        return result


WORDS = {
    "imported": "已导入 / imported",
    "unchanged": "已导入过，没有变化 / unchanged",
    "refused": "没有导入 / not imported",
}


def found(model, message, **by):
    thing = model.objects.filter(**by).first()
    if thing is None:
        raise CommandError(message)
    return thing


def forms_in(path: Path) -> list[Path]:
    """The file itself, or everything in the folder: what is no form is named, not passed over."""
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise CommandError(f"找不到 / no such file or folder: {path}")
    files = sorted(file for file in path.rglob("*") if file.is_file() and is_meant(file))
    if not files:
        raise CommandError(f"文件夹里没有文件 / nothing in the folder: {path}")
    return files


def is_meant(file: Path) -> bool:
    """Excel's own lock files (~$…) and hidden files were not put there by anybody."""
    return not file.name.startswith((".", "~$")) and file.name.lower() not in NO_FORMS


def imported(name, done) -> dict:
    sheet, kept = done.sheet, done.score
    return {
        "file": name,
        "result": "imported" if done.fresh else "unchanged",
        "project": sheet.project.code,
        "specialty": sheet.specialty.code,
        "kept": points(kept.kept),
        "possible": points(kept.possible),
        "score": None if kept.shown is None else score(kept.shown),
        "errors": [],
        "warnings": [as_data(fault) for fault in done.warnings],
    }


def refused(name, faults) -> dict:
    empty = dict.fromkeys(("project", "specialty", "kept", "possible", "score"))
    errors = [as_data(fault) for fault in faults]
    return {"file": name, "result": "refused", **empty, "errors": errors, "warnings": []}


def as_data(fault: Fault) -> dict:
    return {"sheet": fault.sheet, "cell": fault.cell, "message": fault.message}
