"""Parts of pages that hang on nothing but the reader's language: dialogs, patterns for scripts."""

from django import template
from django.utils.translation import get_language

register = template.Library()


@register.tag
def fixed(parser, token):
    """{% fixed %}…{% endfixed %} is drawn once in a process for each language; with arguments, for
    whether each of them holds.
    """
    asked = [parser.compile_filter(bit) for bit in token.split_contents()[1:]]
    inside = parser.parse(("endfixed",))
    parser.delete_first_token()
    return Fixed(inside, asked)


class Fixed(template.Node):
    def __init__(self, nodelist, asked):
        self.nodelist, self.asked, self.known = nodelist, asked, {}

    def render(self, context):
        key = get_language(), *(bool(each.resolve(context)) for each in self.asked)
        if key not in self.known:
            self.known[key] = self.nodelist.render(context)
        return self.known[key]
