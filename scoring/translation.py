from modeltranslation.translator import TranslationOptions, register

from scoring.models import Band, Item, Requirement, Rubric, Section


@register([Rubric, Section, Band])
class NameTranslation(TranslationOptions):
    fields = ("name",)


@register(Item)
class ItemTranslation(TranslationOptions):
    fields = ("name", "standard")


@register(Requirement)
class RequirementTranslation(TranslationOptions):
    fields = ("text",)
