"""The source that somebody is entering from: what is new takes it as its source until they say otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from organizations.models import Source

if TYPE_CHECKING:
    from django.http import HttpRequest

# The key of the source, in the session.
ENTERING_FROM = "entering_from"


def may_enter(user: Any) -> bool:
    """Whether the user writes facts at all."""
    return bool(Source.may_be_added_by(user))


def enter_from(request: HttpRequest, source: Source) -> None:
    request.session[ENTERING_FROM] = source.pk


def stop_entering(request: HttpRequest) -> None:
    request.session.pop(ENTERING_FROM, None)


def entering_from(request: HttpRequest) -> Source | None:
    """The source; one that is deleted, or hidden from the user by now, is so no more."""
    key = request.session.get(ENTERING_FROM)
    if key is None:
        return None
    source: Source | None = Source.objects.visible_to(request.user).filter(pk=key).first()
    if source is None or not may_enter(request.user):
        stop_entering(request)
        return None
    return source


def source_of_new(request: HttpRequest, model: Any) -> dict[str, Any]:
    """What the boxes for sources of a new record of this kind start with."""
    names = [name for name in ("source", "sources") if hasattr(model, name)]
    source = entering_from(request) if names else None
    found: dict[str, Any] = {}
    for name in names if source else ():
        if model.choices_of(name, request.user).filter(pk=source.pk).exists():  # type: ignore[union-attr]
            found[name] = [source.pk] if model._meta.get_field(name).many_to_many else source.pk  # type: ignore[union-attr]
    return found
