"""Saved views: lists that somebody asks for again and again, by name."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lib.text import slug
from organizations.models.accounts import User
from organizations.models.organizations import Organization
from organizations.policy import NOTHING, is_member, organizations_of

if TYPE_CHECKING:
    from organizations.policy import Reader

LONGEST_QUERY = 4_000


class SavedViewQuerySet(models.QuerySet):
    def visible_to(self, user: Reader) -> Self:
        """One's own, and those shared with an organization in which one has a role."""
        if not is_member(user):
            return self.filter(NOTHING)
        return self.filter(Q(user=user) | Q(organization__in=organizations_of(user)))

    def changeable_by(self, user: Reader) -> Self:
        return self.filter(user=user) if is_member(user) else self.filter(NOTHING)


class SavedView(models.Model):
    """The query of a list of deployments under a name. It holds no rows: who opens it sees what they may see."""

    user = models.ForeignKey(User, verbose_name=_("person"), on_delete=models.CASCADE, related_name="saved_views")
    name = models.CharField(_("name"), max_length=100)
    slug = models.SlugField(_("address"), max_length=120, unique=True, editable=False)
    query = models.CharField(_("query"), max_length=LONGEST_QUERY, blank=True, editable=False)
    organization = models.ForeignKey(
        Organization,
        verbose_name=_("shared with"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="saved_views",
        help_text=_("Everybody with a role in this organization finds it among the saved lists."),
    )

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved list")
        verbose_name_plural = _("saved lists")
        ordering = ["name", "slug"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.slug:
            # Nobody can tell from an address that is free whether another has a list of this name.
            self.slug = f"{slug(self.name)[:100]}-{secrets.token_hex(4)}"
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("saved-view", args=[self.slug])
