"""What a new campaign takes of an earlier one's scoring (campaign.registry.CLONE_PARTS)."""

from datetime import datetime

from campaign.models import Campaign
from organization.copies import again
from scoring.content import of_rubric, write
from scoring.models import CampaignResults, Rubric
from scoring.rubrics import publish_rubric, what_is_missing

ACTOR = "clone"


def rules_of_scoring(source: Campaign, target: Campaign, at: datetime) -> None:
    """Weights with their marks as samples, bands, and whether deductions beyond an item count."""
    for rows in (source.weights.all(), source.bands.all()):
        for row in rows:
            again(row, campaign=target).save()
    extras = CampaignResults.objects.filter(campaign=source, extra_allowed=True).exists()
    CampaignResults.objects.create(campaign=target, extra_allowed=extras)


def rubrics_in_force(source: Campaign, target: Campaign, at: datetime) -> None:
    """The published versions that sheets were opened on, published again as the first versions.

    Published, not drafted: a company scores by last year's tables until it says otherwise, and
    one that nobody thought of publishing would stop the auditors at the gate. A change is a new
    version like any other (ruling 13). Codes stay, so that a requirement is known as the same
    one across campaigns. Drafts stay behind: nobody has said yes to them.
    """
    current = Rubric.objects.filter(campaign=source).current()
    for rubric in current.select_related("specialty"):
        double = again(
            rubric,
            campaign=target,
            version=1,
            created_at=at,
            created_by=None,
            published_at=None,
            published_by=None,
            revision=1,
        )
        double.save()
        write(double, of_rubric(rubric))
        if not what_is_missing(double):  # what today's rules would not publish stays a draft
            publish_rubric(rubric=double, by=ACTOR, at=at)
