"""Which approved settlement a campaign's documents stand on: its fingerprint, and the code."""

from dataclasses import dataclass

from campaign.models import Campaign
from organization.qr import qr_png, qr_svg
from rewards.models import Settlement
from rewards.snapshots import address_of


@dataclass(frozen=True)
class Print:
    """Empty until a settlement was approved: then nothing is vouched for yet."""

    fingerprint: str = ""

    @property
    def svg(self) -> str:
        """The code as an address for HTML; empty without a fingerprint."""
        return qr_svg(address_of(self.fingerprint)) if self.fingerprint else ""

    @property
    def png(self) -> bytes:
        return qr_png(address_of(self.fingerprint)) if self.fingerprint else b""


def print_of(campaign: Campaign) -> Print:
    """That of the settlement in force: the newest that was approved."""
    approved = Settlement.objects.filter(campaign=campaign, approved_at__isnull=False)
    newest = approved.order_by("-number").values_list("fingerprint", flat=True).first()
    return Print(newest or "")
