"""What every page says of itself: its language and the others, and the reader's theme."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django import template
from django.conf import settings
from django.utils.translation import get_language, gettext_lazy

from lib.languages import address_in
from lib.theme import DARK, LIGHT, SYSTEM, chosen_theme

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

register = template.Library()

THEMES = {SYSTEM: gettext_lazy("System"), LIGHT: gettext_lazy("Light"), DARK: gettext_lazy("Dark")}


class LanguageLink(NamedTuple):
    """This page in a language."""

    code: str
    name: str
    address: str
    is_this: bool


class Theme(NamedTuple):
    value: str
    name: StrOrPromise
    is_chosen: bool


@register.simple_tag(takes_context=True)
def page_in_languages(context: Any) -> list[LanguageLink]:
    return [
        LanguageLink(code, name, address_in(code, context["request"]), is_this=code == get_language())
        for code, name in settings.LANGUAGES
    ]


@register.simple_tag(takes_context=True)
def page_address(context: Any) -> str:
    return address_in(get_language(), context["request"])


@register.simple_tag(takes_context=True)
def theme_of_page(context: Any) -> str:
    """The theme that the page is to have; blank where it follows the reader's system."""
    theme = chosen_theme(context["request"])
    return "" if theme == SYSTEM else theme


@register.simple_tag(takes_context=True)
def themes(context: Any) -> list[Theme]:
    chosen = chosen_theme(context["request"])
    return [Theme(value, name, is_chosen=value == chosen) for value, name in THEMES.items()]
