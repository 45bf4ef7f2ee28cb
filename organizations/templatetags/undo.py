"""The button beside a message that takes back what it tells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template

from organizations.undo import TAG

if TYPE_CHECKING:
    from django.contrib.messages.storage.base import Message

register = template.Library()


@register.filter
def undo_token(message: Message) -> str:
    """What the button sends; blank for a message without one."""
    tag = message.extra_tags or ""
    return tag.removeprefix(TAG) if tag.startswith(TAG) else ""
