"""Why something was declined, cancelled, postponed or withdrawn: one list for all records that say so."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Reason(models.TextChoices):
    NO_INVITATION = "no_invitation", _("No invitation")
    HOST_LIMIT = "host_limit", _("Limit on numbers set by the host")
    VISAS = "visas", _("Visas not given")
    ACCREDITATION = "accreditation", _("Accreditation not given")
    SECONDMENTS = "secondments", _("Too few secondments")
    HEALTH = "health", _("Health")
    SECURITY = "security", _("Security")
    POSTPONED = "postponed", _("Election postponed or cancelled")
    FUNDS = "funds", _("Funds")
    POLITICAL = "political", _("Political")
    OTHER = "other", _("Other")
