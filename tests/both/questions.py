"""What each list is asked beside its orders: values for every filter, texts to search for, and what it must refuse."""

from __future__ import annotations

from types import SimpleNamespace
from urllib.parse import urlencode

from django.contrib.auth.models import AnonymousUser

from lib.filters import AnyOfChoices, AnyOfCodes, Day, ModifiedAfter, Search, Year, YesNo

LATIN = "gazette ZEBRA zebr arger Ärger ecole École e\u0301cole strasse ß SS ﬁn istanbul cis Kazakhstan M-AB"
CYRILLIC = "казах Қазақ kazak ҚАЗАҚ Елка ёлка Ұлы улы Іле іле Әсел Ўзбек Ґанок Ωmega снг Казахстан"
OTHER = "O’Brien o'brien obrien a-b a_b (a) 10% a;b o-a-b 100 9 １０ ٣ 中国 한국 عرب ไทย हिन्दी zero"
PHRASES = ["a b", "osce odihr", "🗳 ballot", "46 observers", "p" * 140]
SEARCHES = [*LATIN.split(), *CYRILLIC.split(), *OTHER.split(), *PHRASES]
GOOD = {
    Year: ["2017", "2030", "1999", "2015"],
    Day: ["2017-10-15", "15.10.2017", "1999-12-31"],
    YesNo: ["yes", "no"],
    Search: SEARCHES,
    ModifiedAfter: ["2026-01-01", "2026-01-02", "2026-01-01T18:00:00+06:00", "2026-01-01T12:00:01Z", "2030-01-01"],
}
MANY = 20
BAD = {
    AnyOfChoices: ["nothing-such", "ҚАЗАҚ", "kz"],
    AnyOfCodes: ["no-such-code", "GAZETTE", "é", "%"],
    Year: ["17", "2017.0", "9999", "٢٠١٧"],
    Day: ["2017-02-31", "yesterday", "0000-01-01", "10000-01-01"],
    YesNo: ["maybe", "YES", "1"],
    Search: ["!?", "🗳", "_", "%", "\\", "x" * 201],
    ModifiedAfter: ["yesterday", "2026-13-01", "0001-01-01", "9999-12-31T23:59:59-12:00"],
}
REFUSED = (
    "colour=red yaer=2017 page=2 format=xml language=xx fields=secret count=all q=a&q=b page_size=0 page_size=1001 "
    "page_size=ten ordering=secret ordering=code&ordering=-code cursor=junk cursor=%00 q=%00 q=%FF q=%ED%A0%80"
)
BAD_CODES = ["zz-no-such-code", "Gazette", "a_b", "é", "%25", "a%00b", "%F0%9F%97%B3", "9" * 300]


def questions(viewset):
    """Pairs of kind (`search`, `filter` or `refusal`) and query string; every filter is asked and refuses something."""
    visitor = SimpleNamespace(user=AnonymousUser())
    filters = viewset.filterset_class({}, viewset.rows(visitor.user), request=visitor).filters
    for name, filter_ in filters.items():
        kind = "search" if isinstance(filter_, Search) else "filter"
        yield from ((kind, urlencode({name: value})) for value in good_values(filter_))
        yield from (("refusal", urlencode({name: value})) for value in of_kind(BAD, filter_))
    yield from (("refusal", query) for query in REFUSED.split())


def good_values(filter_):
    """Every choice, or some where there are many; some of the codes that there are."""
    if isinstance(filter_, AnyOfChoices):
        values = [value for value, _label in filter_.field.choices]
        return values if len(values) <= MANY else ["KZ", "KG", "XK", "UZ", "AQ"]
    if isinstance(filter_, AnyOfCodes):
        codes = sorted(str(code) for code in filter_.field.queryset.values_list("code", flat=True))
        return [*codes[:2], *codes[len(codes) // 2 :][:2], *codes[-2:]]
    return of_kind(GOOD, filter_)


def of_kind(values, filter_):
    return next(found for kind, found in values.items() if isinstance(filter_, kind))
