from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ScoringConfig(AppConfig):
    name = "scoring"
    verbose_name = _("评分")

    def ready(self):
        from campaign import registry
        from organization.files import FILE_READERS
        from organization.history import ACTORS, name_verbs
        from scoring import permissions  # noqa: F401 registers its predicates
        from scoring.bands import band_problems, bands_from_template
        from scoring.results import enter_standings
        from scoring.rubrics import may_read_source
        from scoring.weights import weight_problems, weights_from_template

        registry.ON_PROJECTS_ENTERED.append(enter_standings)
        registry.READINESS_CHECKS += [weight_problems, band_problems]
        registry.TEMPLATE_PARTS += [bands_from_template, weights_from_template]
        FILE_READERS.append(may_read_source)
        ACTORS["template"] = _("方案模板")
        name_verbs(
            {
                "open_scoring": _("开始评分"),
                "freeze_results": _("冻结成绩"),
                "set_weights": _("设定权重"),
                "set_bands": _("设定等级"),
                "draft_rubric": _("存为草稿"),
                "publish_rubric": _("发布"),
            }
        )
