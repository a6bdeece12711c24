from modeltranslation.translator import TranslationOptions, register

from scoring.models import Band, DeductionRule, Item, Requirement, Rubric, Section


@register([Rubric, Section, Band])
class NameTranslation(TranslationOptions):
    fields = ("name",)


@register(Item)
class ItemTranslation(TranslationOptions):
    fields = ("name", "standard")


@register([Requirement, DeductionRule])
class TextTranslation(TranslationOptions):
    fields = ("text",)
