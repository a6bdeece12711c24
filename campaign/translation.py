from modeltranslation.translator import TranslationOptions, register

from campaign.models import Campaign, Milestone, Phase


@register(Campaign)
class CampaignTranslation(TranslationOptions):
    fields = ("title",)


@register(Phase)
class PhaseTranslation(TranslationOptions):
    fields = ("name",)


@register(Milestone)
class MilestoneTranslation(TranslationOptions):
    fields = ("title",)
