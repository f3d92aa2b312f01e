import re

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from etoile.gru.filling import questions

register = template.Library()
_HOUR = re.compile(r"\d{1,2} h(?: \d\d)?\b")


@register.filter
def together(words: str) -> str:
    """Hours that do not break at the end of a line: « 8 h 30 »."""
    return _HOUR.sub(lambda found: found[0].replace(" ", "\u00a0"), words)


@register.simple_tag
def phone_link(number: str) -> SafeString:
    """A number to call; its spaces do not break, and what is not a number is only shown."""
    digits = "".join(each for each in number if each.isdigit() or each == "+")
    shown = number.replace(" ", "\u00a0")
    return format_html('<a href="tel:{}">{}</a>', digits, shown) if digits else format_html("{}", shown)


@register.filter(is_safe=True)
def unbroken(words: object) -> str:
    """French high punctuation never begins a line; of HTML too, where no person typed in a control."""
    return questions.unbroken(words)
