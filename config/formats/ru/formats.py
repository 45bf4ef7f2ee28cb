"""Dates in Russian without "г." behind the year: the full stop of a sentence would follow that of the abbreviation."""

DATE_FORMAT = "j E Y"
DATETIME_FORMAT = "j E Y, G:i"
YEAR_MONTH_FORMAT = "F Y"
