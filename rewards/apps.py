from django.apps import AppConfig
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class RewardsConfig(AppConfig):
    name = "rewards"
    verbose_name = _("奖惩")

    def ready(self):
        from campaign import registry
        from organization import closed
        from organization.history import name_verbs
        from organization.looking import CLOSED
        from rewards import (
            permissions,  # noqa: F401 registers the predicates
            seals,
            setup_list,
            snapshots,
            template_rules,
        )
        from rewards.adjustments import VERBS as ADJUSTMENT_VERBS
        from rewards.amounts import VERBS as AMOUNT_VERBS
        from rewards.cases import VERBS as CASE_VERBS
        from rewards.corrections import VERBS as CORRECTION_VERBS
        from rewards.due import SETTLEMENTS
        from rewards.groups import KEPT, count_groups
        from rewards.notice_templates import VERBS as NOTICE_VERBS
        from rewards.posts_day import VERBS as DAY_VERBS
        from rewards.settlement import VERBS

        name_verbs(
            VERBS | AMOUNT_VERBS | ADJUSTMENT_VERBS | CASE_VERBS | DAY_VERBS | CORRECTION_VERBS
        )
        name_verbs(NOTICE_VERBS)
        CLOSED.update({"notices", "notices_zip", "notice_person", "notice_project"})
        registry.KEPT_COUNTS[KEPT] = count_groups
        registry.DUE_SOURCES.append(SETTLEMENTS)
        registry.THING_WORDS["settlement"] = _("结算")
        with_amounts = ("award", "adjustment", "settlement")
        registry.CLOSED_THINGS |= dict.fromkeys(with_amounts, "rewards.see_settlement")
        lines = ("rewards.award", "rewards.adjustment", "rewards.case")
        told = (
            "campaign.reminder",
            "campaign.message",
            "campaign.letter",
        )  # their titles name both
        amounts = (*lines, *told, "rewards.correction", "rewards.settlement")
        closed.TABLES |= dict.fromkeys(amounts, "rewards.see_settlement")
        closed.TOLD |= dict.fromkeys(lines, Q(settlement__approved_at__isnull=False))
        registry.TEMPLATE_PARTS.append(template_rules.load)
        registry.SETUP_PARTS.append(setup_list.parts)
        registry.CLONE_PARTS.append(template_rules.clone)
        registry.SEALED_KINDS.update(seals.KINDS)
        registry.EVIDENCE_CHECKS.append(snapshots.check_settlements)
        registry.READINESS_CHECKS.append(template_rules.missing)
