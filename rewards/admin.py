"""Reward rules to edit until the results are frozen; settlements to read."""

from django.contrib import admin
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from campaign.models import Campaign
from campaign.seals import seal
from organization.admin_lists import Opening
from organization.excel_admin import ExcelAdmin, ListResource
from organization.recorded_admin import RecordedAdmin
from organization.roles import Role
from rewards.lists import RULES, TEAMS, import_reward_rules, import_team_rewards
from rewards.models import RewardRule, Settlement, TeamReward
from scoring.models import Band


class RewardRuleList(ListResource):
    columns = RULES
    title = _("奖惩标准")

    def entries(self, rules):
        names = band_names()
        for rule in rules.select_related("campaign"):
            cells = {
                "campaign": rule.campaign.code,
                "band": names.get((rule.campaign_id, rule.band), rule.band),
                "role": str(Role(rule.role).label),
                "amount": rule.amount,
            }
            yield (rule.campaign.code, rule.band, rule.role), cells

    def spoken_of(self, rows):
        return RewardRule.objects.filter(campaign__code__in={row["campaign"] for row in rows})

    def write(self, *, rows, by, at):
        import_reward_rules(rows=rows, by=by, at=at)


def band_names() -> dict[tuple[int, str], str]:
    return {(band.campaign_id, band.code): band.name for band in Band.objects.all()}


class TeamRewardList(ListResource):
    columns = TEAMS
    title = _("团队奖")

    def entries(self, rewards):
        for reward in rewards.select_related("campaign"):
            cells = {"lowest": reward.lowest, "amount": reward.amount}
            yield reward.campaign.code, {"campaign": reward.campaign.code} | cells

    def spoken_of(self, rows):
        return TeamReward.objects.filter(campaign__code__in={row["campaign"] for row in rows})

    def write(self, *, rows, by, at):
        import_team_rewards(rows=rows, by=by, at=at)


class RuleAdmin:
    """Rules of a campaign whose results are frozen are part of its settlement (ruling 13).

    What is written by hand is sealed like what the campaign's page writes.
    """

    sealed = ""

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        seal(obj.campaign, self.sealed, at=timezone.now())

    def delete_model(self, request, obj):
        super().delete_model(request, obj)
        seal(obj.campaign, self.sealed, at=timezone.now())

    def delete_queryset(self, request, queryset):
        campaigns = list(Campaign.objects.filter(pk__in=queryset.values("campaign")))
        super().delete_queryset(request, queryset)
        for campaign in campaigns:
            seal(campaign, self.sealed, at=timezone.now())

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and not frozen(obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and not frozen(obj)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "campaign":
            kwargs["queryset"] = Campaign.objects.filter(results__frozen_at__isnull=True)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


def frozen(rule) -> bool:
    results = getattr(rule.campaign, "results", None) if rule else None
    return bool(results and results.frozen_at)


@admin.register(RewardRule)
class RewardRuleAdmin(Opening, RuleAdmin, RecordedAdmin, ExcelAdmin):
    sealed = "reward_rules"
    opens_alike = True
    resource_classes = [RewardRuleList]
    list_display = ["campaign", "band", "role", "amount"]
    list_filter = ["campaign", "band"]
    list_select_related = ["campaign"]


@admin.register(TeamReward)
class TeamRewardAdmin(RuleAdmin, RecordedAdmin, ExcelAdmin):
    sealed = "team_reward"
    resource_classes = [TeamRewardList]
    list_display = ["campaign", "lowest", "amount"]
    list_select_related = ["campaign"]


@admin.register(Settlement)
class SettlementAdmin(admin.ModelAdmin):
    """Amounts are the business of those who may see the settlement's page."""

    list_display = ["campaign", "number", "drawn_up_at", "submitted_at", "approved_at"]
    readonly_fields = ["awards_in_it"]

    @admin.display(description=_("奖惩明细"))
    def awards_in_it(self, settlement):
        """Thousands of lines have their filters and pages where settlements are read."""
        address = reverse("settlement", args=[settlement.campaign.code])
        words = _("%(count)d 行，到结算页面看") % {"count": settlement.awards.count()}
        return format_html('<a href="{}">{}</a>', address, words)

    def has_module_permission(self, request):
        return request.user.has_perm("rewards.see_settlement", None)

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("rewards.see_settlement", obj)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
