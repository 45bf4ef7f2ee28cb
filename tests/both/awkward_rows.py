"""Rows on which two databases could differ: blanks, ties, mixed scripts, case, punctuation, digits, equal prefixes."""

from __future__ import annotations

import csv
from itertools import cycle
from uuid import NAMESPACE_URL, uuid5

TEXTS = [
    *("Zebra", "zebra", "ZEBRA", "Ärger", "Arger", "arger", "arrow", "école", "École", "e\u0301cole", "ecole", "Æsir"),
    *(
        "Ёлка",
        "ёлка",
        "Елка",
        "Қазақ",
        "Казак",
        "казах",
        "Ұлы",
        "ұлы",
        "Іле",
        "Әсел",
        "Ўзбек",
        "Ґанок",
        "Їжак",
        "Ωmega",
    ),
    *(
        "a b",
        "a-b",
        "a_b",
        "ab",
        "a  b",
        "a.b",
        "(a)",
        "«a»",
        "'a",
        '"a"',
        "a;b",
        "a,b",
        "O’Brien",
        "O'Brien",
        "OBrien",
    ),
    *("10", "9", "１０", "٣", "2nd", "%", "%%a", "_", "\\", "\\%", "~tilde", "=1+1", "+7", "-7", "@home", "#9"),
    *("🗳 ballot", "🗳️ ballot", "👩‍⚖️", "ﬁn", "fin", "ﬀ", "ß", "SS", "ss", "İstanbul", "ıstanbul", "I", "i", "𝔘", "￼"),
    *("中国", "日本", "한국", "عرب", "ไทย", "हिन्दी", "\u200bzero", "\u00a0nbsp", "tab\tinside", "line\nbreak"),
    *("p" * 140 + end for end in ("", "a", "B", "-a", "é", "я", "1")),
]
CODES = ["a-b", "ab", "a-1", "a1", "a10", "a2", "a-10", "a-2", "1", "10", "9", "0-a", "b-a-b", "ba-b", "z", "zz", "z-z"]
DAYS = ["2017-10-15", "", "2017-10-15", "1999-12-31", "2030-06-02", "", "2030-06-01"]
GAZETTES = ["gazette-a-b", "gazette-ab", "gazette-a1", "paper"]
FACTS = "; ".join(GAZETTES[:3])


def person(number):
    return str(uuid5(NAMESPACE_URL, f"person {number}"))


def files():
    """The awkward rows, by file of the dataset."""
    days, countries = cycle(DAYS), cycle(["KZ", "", "UZ", "KZ", "XK"])
    hosts, elections = cycle(["KG", "MN", "KZ"]), [f"x-{code}" for code in CODES]
    organizations = [f"o-{code}" for code in CODES]
    missions = [f"m-{code}" for code in CODES]
    deployments = [f"d-{code}" for code in CODES]
    bases = ["exact", "about", "at_least", "more_than", "at_most"]
    return {
        "sources": [
            *({"code": code, "title": "Gazette", "publisher": "gazette"} for code in GAZETTES[:3]),
            {"code": "paper", "title": "Internal paper", "publisher": "Northland Commission", "public": "false"},
            *(
                {
                    "code": f"s-{number}",
                    "title": text,
                    "publisher": text,
                    "published_on": next(days),
                    "language": ("en", "ru", "kk", "")[number % 4],
                    "public": ("true", "true", "false")[number % 3],
                    "excerpt": text,
                }
                for number, text in enumerate(TEXTS)
            ),
        ],
        "organizations": [
            {
                "code": code,
                "kind": ("ngo", "parliament", "government")[number % 3],
                "country": next(countries),
                "parent": organizations[number - 1] if number % 4 == 3 else "",
                "sources": FACTS,
            }
            for number, code in enumerate(organizations)
        ],
        "organization_names": [
            {
                "code": f"n-{number}",
                "organization": organizations[number % len(organizations)],
                "language": f"q{'abcdefghij'[number // len(organizations)]}",
                "name": text,
                "valid_from": next(days),
                "source": GAZETTES[number % 4],
            }
            for number, text in enumerate(TEXTS)
        ],
        "memberships": [
            {
                "organization": organizations[number % 3],
                "member_country": country,
                "since": next(days),
                "sources": FACTS,
            }
            for number, country in enumerate(("KZ", "KG", "UZ", "XK", "MN", "TJ", "TR", "AZ"))
        ],
        "regions": [
            {
                "code": f"r-{number}",
                "country": "KZ",
                "name": text,
                "iso": f"KZ-{number}" if number % 3 else "",
                "valid_from": next(days),
                "source": GAZETTES[number % 4],
            }
            for number, text in enumerate(TEXTS)
        ],
        "elections": [
            {
                "code": code,
                "country": next(hosts),
                "kind": ("presidential", "local", "referendum")[number % 3],
                "name": TEXTS[number],
                "office": TEXTS[-number],
                "election_day": ("2017-10-15", "2017-10-15", "2030-06-02", "1999-12-31")[number % 4],
                "sources": FACTS,
            }
            for number, code in enumerate(elections)
        ],
        "voting_days": [
            {"code": f"v-{code}", "election": election, "starts_on": "2017-10-15", "source": GAZETTES[number % 4]}
            for number, (code, election) in enumerate(zip(CODES, elections, strict=True))
        ],
        "missions": [
            {
                "code": code,
                "election": elections[number],
                "organizer": organizations[-number],
                "kind": ("om", "pa", "visitor")[number % 3],
                "name": TEXTS[-number],
                "starts_on": next(days),
                "status": ("announced", "deployed", "cancelled")[number % 3],
                "sources": FACTS if number % 5 else "paper",
            }
            for number, code in enumerate(missions)
        ],
        "invitations": [
            {
                "code": f"i-{code}",
                "election": elections[number],
                "inviter": organizations[number],
                "invitee": organizations[number - 1],
                "response": ("none", "accepted", "declined")[number % 3],
                "responded_on": next(days),
                "reason_text": TEXTS[number],
                "sources": FACTS,
            }
            for number, code in enumerate(CODES)
        ],
        "deployments": [
            {
                "code": code,
                "election": elections[number],
                "sender_country": ("KZ", "XK", "", "UZ")[number % 4],
                "sender": "" if number % 4 != 2 else organizations[number],
                "status": ("announced", "completed", "withdrawn")[number % 3],
                "remark": TEXTS[number],
                "sources": FACTS if number % 5 else "paper",
            }
            for number, code in enumerate(deployments)
        ],
        "channels": [
            {
                "code": f"c-{code}",
                "deployment": deployments[number],
                "mission": missions[number],
                "as_named": TEXTS[number],
                "source": GAZETTES[number % 4],
            }
            for number, code in enumerate(CODES)
        ],
        "head_counts": [
            {
                "code": f"h-{kind}-{code}",
                "deployment": deployments[number],
                "kind": kind,
                "value": str((46, 0, 46, 400, 1, 10000000)[number % 6]),
                "qualifier": bases[(number + shift) % 5],
                "as_of": ("2017-10-01", "2017-10-01", "1999-12-01")[number % 3],
                "source": GAZETTES[(number + shift) % 4],
                "excerpt": TEXTS[number],
            }
            for shift, kind in enumerate(("announced", "accredited", "deployed"))
            for number, code in enumerate(CODES)
        ],
        "observers": [
            {
                "code": person(number),
                "family_name": text,
                "given_names": TEXTS[-number],
                "nationality": next(countries),
                "gender": ("female", "male", "")[number % 3],
                "withheld": "true" if number % 11 == 10 else "false",
            }
            for number, text in enumerate(TEXTS)
        ],
        "observer_names": [
            {
                "code": str(uuid5(NAMESPACE_URL, f"name {number}")),
                "observer": person(number),
                "language": "en",
                "family_name": TEXTS[-number],
                "source": GAZETTES[number % 4],
            }
            for number in range(len(TEXTS))
        ],
        "assignments": [
            {
                "code": f"p-{number}",
                "observer": person(number),
                "mission": missions[number % len(missions)],
                "role": ("head", "expert", "visitor", "staff")[number % 4],
                "status": ("", "accredited", "withdrawn")[number % 3],
                "starts_on": next(days),
                "region": f"r-{number}" if number % 2 else "",
                "area": text,
                "post": text,
                "sources": FACTS if number % 4 else "paper",
            }
            for number, text in enumerate(TEXTS)
        ],
        "statements": [
            {
                "code": f"t-{number}",
                "subject": f"missions/{missions[number % len(missions)]}",
                "field": "name",
                "value": text,
                "source": f"s-{number}",
                "excerpt": text,
            }
            for number, text in enumerate(TEXTS)
        ],
    }


def write(folder, rows_by_file):
    """Writes the files as a dataset into the folder, which is made."""
    folder.mkdir()
    for name, rows in rows_by_file.items():
        write_file(folder / f"{name}.csv", rows)
    return folder


def write_file(path, rows):
    """Writes rows, given by column, as a file of a dataset; the columns are those of all rows together."""
    with path.open("w", encoding="utf-8", newline="") as file:
        columns = dict.fromkeys(column for row in rows for column in row)
        writer = csv.DictWriter(file, list(columns), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
