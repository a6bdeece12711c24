"""What a notice says: per person and per project, of an approved settlement, in a few queries."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from campaign.history import head_of
from campaign.models import Campaign
from organization.clock import local_day
from organization.models import Project, User
from organization.prepared import prepared
from organization.qr import qr_png
from organization.templatetags.ui import score, yuan
from rewards.documents.notice_default import default_template
from rewards.documents.notice_pdf import notice_pdf
from rewards.documents.notice_word import filled
from rewards.models import Adjustment, Award, NoticeKind, NoticeTemplate, Settlement
from rewards.rules import final_standings
from rewards.snapshots import address_of
from rewards.summary import adjustments_of, awards_page, note_of
from scoring import engine
from scoring.bands import Banding
from scoring.standings import league_weights
from scoring.templatetags.scoring_ui import percent


@dataclass(frozen=True)
class Notice:
    """`key` is the person's username or the project's code, `words` the name of the file."""

    kind: NoticeKind
    key: str
    words: str
    values: dict


def approved_settlement(campaign) -> Settlement | None:
    """The one in force: the newest that was approved."""
    found = next(iter(last_approved(campaign=campaign.pk)), None)
    if found:
        found.campaign = campaign
    return found


def approved_in(*, campaign) -> QuerySet[Settlement]:
    approved = Settlement.objects.filter(campaign__pk=campaign, approved_at__isnull=False)
    return approved.select_related("approved_by").order_by("-number")[:1]


last_approved = prepared(approved_in, {"campaign": Campaign._meta.pk})


# --- gathering -----------------------------------------------------------------------------


def person_notices(settlement: Settlement, person: User | None = None) -> list[Notice]:
    """Of everybody whose money moves, or of one person; by username."""
    lines: defaultdict[User, list[Award | Adjustment]] = defaultdict(list)
    for line in lines_of(settlement, person=person):
        if line.person:
            lines[line.person].append(line)
    bands = bands_of(settlement)
    return [
        Notice(
            kind=NoticeKind.PERSON,
            key=who.username,
            words=_("%(name)s通知书") % {"name": who.name},
            values=every(settlement, own)
            | {"name": who.name, "lines": [person_row(line, bands) for line in own]},
        )
        for who, own in sorted(lines.items(), key=lambda each: each[0].username)
    ]


def project_notices(settlement: Settlement, project: Project | None = None) -> list[Notice]:
    """Of every project with a final standing, or of one; by code."""
    campaign = settlement.campaign
    banding, weights = Banding(campaign), league_weights(campaign)
    standings = list(final_standings(campaign))
    ranks = engine.rank({each.project_id: each.composite for each in standings})
    lines: defaultdict[int, list[Award | Adjustment]] = defaultdict(list)
    for line in lines_of(settlement, project=project):
        lines[line.project_id].append(line)
    wanted = [each for each in standings if project is None or each.project_id == project.pk]
    return [
        Notice(
            kind=NoticeKind.PROJECT,
            key=standing.project.code,
            words=_("%(name)s通知书") % {"name": standing.project.name},
            values=every(settlement, lines[standing.project_id])
            | {
                "project": standing.project.name,
                "project_code": standing.project.code,
                "band": banding.of(standing.composite, standing.capped).name,
                "composite": score(standing.composite),
                "rank": ranks[standing.project_id],
                "projects": len(standings),
                "scores": [score_row(weight, standing.scores) for weight in weights],
                "lines": [project_row(line) for line in lines[standing.project_id]],
            },
        )
        for standing in wanted
    ]


def lines_of(settlement: Settlement, **whose) -> Iterator[Award | Adjustment]:
    """Awards and lines added by hand, of all, of a person or of a project."""
    asked = {name: value for name, value in whose.items() if value is not None}
    yield from awards_page(settlement, "all").filter(**asked)
    yield from adjustments_of(settlement).standing().filter(**asked)


def every(settlement: Settlement, lines: Iterable[Award | Adjustment]) -> dict:
    """What every notice says."""
    return {
        "campaign": settlement.campaign.title,
        "number": f"{settlement.campaign.code}-{settlement.number}",
        "approved_on": local_day(settlement.approved_at).isoformat(),
        "approved_by": settlement.approved_by.name if settlement.approved_by else "",
        "fingerprint": settlement.fingerprint,
        "total": yuan(sum(line.amount for line in lines)),
    }


def bands_of(settlement: Settlement) -> dict[str, str]:
    return {band.code: band.name for band in settlement.campaign.bands.all()}


def person_row(line: Award | Adjustment, bands: dict[str, str]) -> dict:
    row = {"project": line.project.name, "amount": yuan(line.amount)}
    if isinstance(line, Adjustment):
        added = {"post": _("人工调整"), "band": "", "composite": "", "note": line.reason}
        return row | added
    return row | {
        "post": line.get_role_display(),
        "band": bands.get(line.band, line.band),
        "composite": score(line.composite),
        "note": note_of(line),
    }


def project_row(line: Award | Adjustment) -> dict:
    name = line.person.name if line.person else _("%(project)s团队") % {"project": line.project}
    row = {"name": name, "amount": yuan(line.amount)}
    if isinstance(line, Adjustment):
        return row | {"post": _("人工调整"), "note": line.reason}
    return row | {"post": line.get_role_display(), "note": note_of(line)}


def score_row(weight, scores: dict) -> dict:
    shown = scores.get(weight.specialty.code)
    name, share = weight.specialty.name, percent(weight.percent)
    return {"rubric": name, "weight": share, "percent": shown or _("不适用")}


# --- making --------------------------------------------------------------------------------


class Maker:
    """Notices of one kind in the reader's language; the template is read once."""

    def __init__(self, kind: NoticeKind, settlement: Settlement):
        self.language = get_language() or "zh-hans"
        self.template = template_of(kind, self.language)
        self.code = qr_png(address_of(settlement.fingerprint))
        self.chain = head_of(settlement.campaign) or "—"

    def word(self, notice: Notice) -> bytes:
        return filled(self.template, notice.values | {"chain": self.chain}, code=self.code)

    def pdf(self, notice: Notice) -> bytes:
        """Raises Refused (`no_pdf`) where the machine lacks what draws PDF."""
        return notice_pdf(self.word(notice), language=self.language)


def template_of(kind: str, language: str) -> bytes:
    """The company's own template in this language, else the one that ships."""
    own = NoticeTemplate.objects.filter(kind=kind, language=language, file__isnull=False)
    if found := own.select_related("file").first():
        with found.file.file.open("rb") as stored:
            return stored.read()
    return default_template(kind, language)
