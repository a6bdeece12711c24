from modeltranslation.translator import TranslationOptions, register

from organization.models import Specialty


@register(Specialty)
class SpecialtyTranslation(TranslationOptions):
    fields = ("name",)
