"""Templates that say nothing: whether somebody is let in does not depend on what a page says."""

from django.conf import settings
from django.template.backends.django import DjangoTemplates


class Blank(DjangoTemplates):
    def get_template(self, template_name):
        return Silent(self, template_name)


class Silent:
    def __init__(self, backend: Blank, name: str):
        self.backend, self.name = backend, name

    @property
    def template(self):
        return self.backend.engine.get_template(self.name)

    def render(self, context=None, request=None) -> str:
        return ""


def silent() -> list[dict]:
    """The setting with it."""
    (known,) = settings.TEMPLATES
    return [known | {"BACKEND": "tests.access.blank.Blank", "NAME": "django"}]
