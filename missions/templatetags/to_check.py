"""How much there is to check, for the first page of the admin."""

from __future__ import annotations

from typing import Any

from django import template

from missions.admin import to_check

register = template.Library()


@register.simple_tag(takes_context=True)
def number_to_check(context: Any) -> int:
    return to_check.number_to_check(context["request"])
