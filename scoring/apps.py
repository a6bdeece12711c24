from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ScoringConfig(AppConfig):
    name = "scoring"
    verbose_name = _("评分")

    def ready(self):
        from campaign import registry
        from organization.files import FILE_READERS
        from organization.history import ACTORS, name_verbs
        from organization.list_file import WORKBOOK_READERS
        from organization.projects import ON_REGIONS_CHANGED
        from scoring import permissions, seals, setup_list  # noqa: F401 registers its predicates
        from scoring.bands import band_problems, bands_from_template
        from scoring.cloning import ACTOR, rubrics_in_force, rules_of_scoring
        from scoring.list_file import read_workbook
        from scoring.results import enter_standings, follow_regions
        from scoring.rubrics import may_read_source
        from scoring.taking_part import drop_standings, lacks_changed, scored
        from scoring.weights import weight_problems, weights_from_template

        ON_REGIONS_CHANGED.append(follow_regions)
        registry.ON_PROJECTS_ENTERED.append(enter_standings)
        registry.SETUP_PARTS.append(setup_list.parts)
        registry.SEALED_KINDS.update(seals.KINDS)
        registry.SNAPSHOT_PARTS.update(seals.SNAPSHOT)
        registry.EVIDENCE_CHECKS += [seals.check_standings, seals.check_counts]
        registry.ON_PROJECTS_LEAVE.append(drop_standings)
        registry.TRACES.append(scored)
        registry.ON_LACKS_CHANGED.append(lacks_changed)
        registry.READINESS_CHECKS += [weight_problems, band_problems]
        registry.TEMPLATE_PARTS += [bands_from_template, weights_from_template]
        registry.CLONE_PARTS += [rules_of_scoring, rubrics_in_force]
        FILE_READERS.append(may_read_source)
        WORKBOOK_READERS.append(read_workbook)
        ACTORS["template"] = _("方案模板")
        ACTORS[ACTOR] = _("沿用以往")
        name_verbs(
            {
                "open_scoring": _("开始评分"),
                "freeze_results": _("冻结成绩"),
                "reopen_results": _("为更正重新打开成绩"),
                "set_weights": _("设定权重"),
                "set_bands": _("设定等级"),
                "set_rounding": _("设定等级取整"),
                "set_appeal_days": _("设定申诉天数"),
                "set_extra_allowed": _("设定项外追加扣分"),
                "draft_rubric": _("存为草稿"),
                "start_rubric": _("新写一份"),
                "discard_rubric": _("删除草稿"),
                "rename_rubric": _("改名称和权重"),
                "add_item": _("加评分项"),
                "change_item": _("改评分项"),
                "remove_item": _("删评分项"),
                "move_item": _("移动评分项"),
                "rename_section": _("类别改名"),
                "move_section": _("移动类别"),
                "publish_rubric": _("发布"),
            }
        )
