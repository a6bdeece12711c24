"""Reward rules to edit until the results are frozen; settlements to read."""

from django.contrib import admin
from import_export import fields
from import_export.widgets import ForeignKeyWidget

from campaign.models import Campaign
from organization.excel_admin import ExcelAdmin, ExcelResource
from rewards.models import Award, RewardRule, Settlement, TeamReward


class RewardRuleResource(ExcelResource):
    campaign = fields.Field("campaign", "专项工作", ForeignKeyWidget(Campaign, "code"))
    band = fields.Field("band", "等级")
    role = fields.Field("role", "角色")
    amount = fields.Field("amount", "金额")

    class Meta:
        model = RewardRule
        import_id_fields = ["campaign", "band", "role"]
        fields = ["campaign", "band", "role", "amount"]
        clean_model_instances = True
        skip_unchanged = True


class RuleAdmin:
    """Rules of a campaign whose results are frozen are part of its settlement (ruling 13)."""

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
class RewardRuleAdmin(RuleAdmin, ExcelAdmin):
    resource_classes = [RewardRuleResource]
    list_display = ["campaign", "band", "role", "amount"]
    list_filter = ["campaign", "band"]
    list_select_related = ["campaign"]


@admin.register(TeamReward)
class TeamRewardAdmin(RuleAdmin, admin.ModelAdmin):
    list_display = ["campaign", "lowest", "amount"]
    list_select_related = ["campaign"]


class AwardInline(admin.TabularInline):
    model = Award
    extra = 0
    can_delete = False
    fields = readonly_fields = ["project", "person", "role", "band", "composite", "amount"]

    def has_add_permission(self, request, obj=None):
        return False


@admin.register(Settlement)
class SettlementAdmin(admin.ModelAdmin):
    """Amounts are the business of those who may see the settlement's page."""

    list_display = ["campaign", "number", "drawn_up_at", "submitted_at", "approved_at"]
    inlines = [AwardInline]

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
