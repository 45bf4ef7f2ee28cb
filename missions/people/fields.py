"""What a column of a spreadsheet of people can hold."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Field(models.TextChoices):
    """What a column holds. All but the names and IGNORE are columns of an observer or of an assignment."""

    FAMILY_NAME = "family_name", _("Family name")
    GIVEN_NAMES = "given_names", _("Given names")
    PATRONYMIC = "patronymic", _("Patronymic (joins the given names)")
    FULL_NAME_FAMILY_FIRST = "full_name_family_first", _("Full name, family name first")
    FULL_NAME_FAMILY_LAST = "full_name_family_last", _("Full name, family name last")
    NATIONALITY = "nationality", _("Nationality")
    GENDER = "gender", _("Gender")
    EMAIL = "email", _("E-mail")
    PHONE = "phone", _("Phone")
    LANGUAGES = "languages", _("Languages")
    ROLE = "role", _("Role")
    STATUS = "status", _("Status")
    STARTS_ON = "starts_on", _("From (day)")
    ENDS_ON = "ends_on", _("To (day)")
    REGION = "region", _("Region")
    AREA = "area", _("Area: town, district, polling station")
    POST = "post", _("Post held then")
    EMPLOYER = "employer", _("Employer then")
    ACCREDITATION_NUMBER = "accreditation_number", _("Accreditation number")
    INTERNAL_NOTE = "internal_note", _("Internal note")
    IGNORE = "ignore", _("Not imported")


FULL_NAMES = (Field.FULL_NAME_FAMILY_FIRST, Field.FULL_NAME_FAMILY_LAST)
NAMES = (Field.FAMILY_NAME, Field.GIVEN_NAMES, Field.PATRONYMIC, *FULL_NAMES)
OF_PERSON = ("nationality", "gender", "email", "phone", "languages")
OF_PLACE = (
    "role",
    "status",
    "starts_on",
    "ends_on",
    "region",
    "area",
    "post",
    "employer",
    "accreditation_number",
    "internal_note",
)
