"""What is kept in Chinese and English."""

from modeltranslation.translator import TranslationOptions, register

from inspections.models import CallbackQuestion


@register(CallbackQuestion)
class QuestionTranslation(TranslationOptions):
    fields = ("text",)
