"""The one door through which a document that is written here becomes an obligation's evidence."""

from collections.abc import Iterable
from datetime import date, datetime

from django.conf import settings
from django.core.files.base import ContentFile
from django.db.models import Model
from django.utils.translation import override

from campaign.evidence import revise_evidence
from campaign.models import Evidence, Obligation
from campaign.obligations import attach_evidence
from organization.errors import Refused
from organization.history import history_of
from organization.models import User
from organization.papers import FORMATS, Paper


def in_the_companys_language() -> override:
    """Written material is the company's, whatever language who presses the button reads."""
    return override(settings.LANGUAGE_CODE)


def document_of(paper: Paper, name: str = "") -> ContentFile:
    """As PDF; as Word where the machine cannot make a PDF. Drawing takes its time: outside of
    any transaction.
    """
    try:
        return drawn(paper, name, "pdf")
    except Refused:
        return drawn(paper, name, "word")


def drawn(paper: Paper, name: str, kind: str) -> ContentFile:
    wanted = FORMATS[kind]
    return ContentFile(wanted.make(paper), f"{name or paper.title}.{wanted.ending}")


def hand_in_document(
    *,
    of: Model,
    verb: str,
    obligation: Obligation,
    document: ContentFile,
    kind: str,
    by: User,
    at: datetime,
    about: date | None = None,
) -> Evidence:
    """Attach a document of something, in place of what the same thing handed in before.

    Which that was tells its history: the caller records `verb` on it with `keys` of what this
    returns as `evidence`, in one transaction with it. What people uploaded themselves stays.
    Raises Refused and ValidationError as `attach_evidence` does.
    """
    document.seek(0)  # one document may go to several obligations
    acting = {"upload": document, "about": about, "by": by, "at": at}
    older = handed_in_before(of, verb, obligation, kind)
    if older:
        return revise_evidence(evidence=older, **acting)
    return attach_evidence(obligation=obligation, kind=kind, **acting)


def handed_in_before(of: Model, verb: str, obligation: Obligation, kind: str) -> Evidence | None:
    details = history_of(of).filter(verb=verb).values_list("detail", flat=True)
    ids = [pk for detail in details for pk in detail.get("evidence", ())]
    found = obligation.evidence.standing().filter(pk__in=ids, kind=kind)
    return found.select_related("file", "obligation__milestone").order_by("pk").last()


def keys(made: Iterable[Evidence]) -> list[int]:
    return [evidence.pk for evidence in made]
