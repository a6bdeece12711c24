from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CampaignConfig(AppConfig):
    name = "campaign"
    verbose_name = _("专项工作")

    def ready(self):
        from campaign import (
            files,
            forgetting,
            history,
            owing,
            participants,
            permissions,  # noqa: F401 registers the predicates
            registry,
            seals,
            setup_list,
            visit_counts,
        )
        from campaign.reminders import setting
        from campaign.robots.setting_up import reseal_robots
        from campaign.words import THINGS, VERBS
        from organization.erasing import ON_ERASED
        from organization.files import FILE_READERS
        from organization.history import name_verbs
        from organization.history_seals import CHAIN_OF
        from organization.looking import CLOSED
        from organization.retention import KINDS, Kept
        from organization.vault import KEEPERS

        name_verbs(VERBS)
        CHAIN_OF.append(history.chains_of)
        ON_ERASED.append(forgetting.forget_person)
        KINDS.append(Kept("mail_answers", forgetting.erase_answers))
        KEEPERS.append(reseal_robots)
        CLOSED.update({"inbox", "message", "my_channels", "my_calendar"})
        registry.THING_WORDS.update(THINGS)
        FILE_READERS += [files.may_read_evidence, files.may_read_visit_file]
        registry.DUE_SOURCES.append(owing.OBLIGATIONS)
        registry.KEPT_COUNTS[visit_counts.KEPT] = visit_counts.count_kept
        registry.TRACES.append(participants.worked_on)
        registry.TEMPLATE_PARTS.append(setting.from_template)
        registry.CLONE_PARTS.append(setting.from_earlier)
        registry.SETUP_PARTS.append(setup_list.parts)
        participants_word = registry.SealedKind(_("参加的项目"), seals.participants)
        registry.SEALED_KINDS["participants"] = participants_word
