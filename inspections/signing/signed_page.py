"""The page of a signed sheet: as it was signed, and what happened to the sheet since."""

from datetime import datetime
from decimal import Decimal
from functools import cached_property

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from campaign.history import head_of
from inspections.models import Appeal, SignOff
from inspections.signing.reading import Reading
from inspections.signing.verifying import is_intact
from inspections.words import ObservationKind
from organization.digests import loaded
from organization.pdf import pdf_of
from organization.qr import qr_svg


class SignedPage:
    def __init__(self, sign_off: SignOff):
        self.sign_off, self.sheet = sign_off, sign_off.sheet
        self.what = Reading(loaded(sign_off.content))

    @property
    def is_intact(self) -> bool:
        return is_intact(self.sign_off)

    @cached_property
    def code(self) -> str:
        """The QR code of the address that says whether the fingerprint is on record."""
        return qr_svg(address_of(self.sign_off.fingerprint))

    @property
    def head(self) -> str:
        """Of the chain of the campaign's history, as it is while the paper is made."""
        return head_of(self.sheet.campaign)

    @cached_property
    def decided(self) -> int:
        """How many appeals were decided since."""
        made = Appeal.objects.in_force().filter(sheet=self.sheet)
        return made.filter(decided_at__gt=self.sign_off.made_at).count()

    @cached_property
    def late(self) -> int:
        """How many observations came on record since, appeals aside."""
        rows = self.sheet.observations.exclude(kind=ObservationKind.DECIDED)
        return rows.filter(recorded_at__gt=self.sign_off.made_at).count()

    @property
    def has_moved_on(self) -> bool:
        return bool(self.decided or self.late)

    @property
    def kept_now(self) -> Decimal:
        return self.sheet.kept


def address_of(fingerprint: str) -> str:
    """Where the QR code leads: a whole URL."""
    return settings.SITE_URL + reverse("signed_print", args=[fingerprint])


def signed_pdf(page: SignedPage, *, at: datetime) -> bytes:
    """The page as PDF; raises Refused `no_pdf` where the machine lacks Pango."""
    return pdf_of(
        render_to_string("inspections/signed_document.html", {"page": page, "at": at}),
        styles=["css/document.css", "css/signed-document.css"],
        missing=_("这台服务器缺少生成 PDF 的系统组件（Pango），请在浏览器里打印。"),
    )
