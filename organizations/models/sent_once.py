"""Records that programs sent under a key of their own, so that the same sent again makes no second one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from organizations.models.accounts import User
from organizations.models.records import CODE_LENGTH

if TYPE_CHECKING:
    from datetime import datetime


class SentOnceQuerySet(models.QuerySet):
    def standing(self, user: User, key: str, *, since: datetime) -> SentOnce | None:
        """What this user sent under this key since then."""
        found: SentOnce | None = self.filter(user=user, key=key, at__gte=since).first()
        return found

    def keep(self, user: User, key: str, *, resource: str, code: str, sha256: str, now: datetime) -> None:
        """Keeps what was sent under this key, in place of what was sent under it before."""
        self.update_or_create(
            user=user, key=key, defaults={"resource": resource, "code": code, "sha256": sha256, "at": now}
        )


class SentOnce(models.Model):
    """What was made under an Idempotency-Key. Of the body only a hash is kept, which tells it from any other."""

    user = models.ForeignKey(User, verbose_name=_("user"), on_delete=models.CASCADE, related_name="sent_once")
    key = models.CharField(_("key"), max_length=200)
    sha256 = models.CharField(_("SHA-256 of what was sent"), max_length=64)
    resource = models.CharField(_("kind of record"), max_length=50)
    code = models.CharField(_("code"), max_length=CODE_LENGTH)
    at = models.DateTimeField(_("at"), db_index=True)

    objects = SentOnceQuerySet.as_manager()

    class Meta:
        verbose_name = _("record sent under a key")
        verbose_name_plural = _("records sent under a key")
        ordering = ["-at"]
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="sent_once")]

    def __str__(self) -> str:
        return f"{self.resource}/{self.code}"
