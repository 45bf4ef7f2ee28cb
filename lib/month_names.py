"""The names of the months in the three languages of the papers: English, Russian and Kazakh."""

from __future__ import annotations

from lib.text import fold

# A Russian month has two forms: "октябрь", and "15 октября".
_NAMES = [
    "January январь января қаңтар",
    "February февраль февраля ақпан",
    "March март марта наурыз",
    "April апрель апреля сәуір",
    "May май мая мамыр",
    "June июнь июня маусым",
    "July июль июля шілде",
    "August август августа тамыз",
    "September сентябрь сентября қыркүйек",
    "October октябрь октября қазан",
    "November ноябрь ноября қараша",
    "December декабрь декабря желтоқсан",
]
_MONTHS = {fold(name): number for number, names in enumerate(_NAMES, start=1) for name in names.split()}


def month_named(word: str) -> int | None:
    """The month, 1 to 12, that `word` names in full or by its first three letters or more; else None."""
    start = fold(word)
    if len(start) < 3:
        return None
    return next((month for name, month in _MONTHS.items() if name.startswith(start)), None)
