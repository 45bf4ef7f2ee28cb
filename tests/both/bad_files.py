"""Datasets that an import must refuse; above all with values that one of the two databases would take by itself."""

from __future__ import annotations

from tests.both.awkward_rows import write

SOURCE = {"code": "gazette", "title": "Observers arrive", "publisher": "Northland Gazette"}
REGION = {"code": "north", "country": "KZ", "name": "North"}
BODY = {"code": "northland-commission", "kind": "election_body", "country": "KZ"}
OTHER_BODY = {"code": "southland-ministry", "kind": "government", "country": "UZ"}
ELECTION = {"code": "vote", "country": "KG", "kind": "local", "election_day": "2030-06-02"}
MISSION = {"code": "mission", "election": "vote", "organizer": "northland-commission", "kind": "om"}
PARTY = {"code": "party", "election": "vote", "sender_country": "KZ"}
PERSON = {"code": "0c7f2a4e-5f0b-4c58-9d3a-0f4d8a1b2c3d", "family_name": "Example"}
COUNT = {"deployment": "party", "kind": "announced", "value": "46", "as_of": "2030-05-20", "source": "gazette"}
WHOLE = {
    "sources": [SOURCE],
    "organizations": [BODY, OTHER_BODY],
    "elections": [ELECTION],
    "missions": [MISSION],
    "deployments": [PARTY],
    "observers": [PERSON],
}
NUMBERS = [
    "-1",
    "1.5",
    "1e3",
    "٤٦",
    "４６",
    "2147483648",
    "9223372036854775807",
    "9223372036854775808",
    "9" * 30,
    "NaN",
]
DAYS = [
    "0000-01-01",
    "10000-01-01",
    "2030-02-30",
    "2030-6-2",
    "15.10.2017",
    "٢٠٣٠-٠٦-٠٢",
    "2030-06-02T00:00",
    "infinity",
]
CODES = ["Upper", "a_b", "a--b", "-a", "a-", "é", "а", "a b", "x" * 201, "a\n", "%", "'; --", "1\u200b"]


def datasets():
    """The folders by name: their files, as rows by column."""
    return {
        "numbers": WHOLE | {"head_counts": [COUNT | {"value": number} for number in NUMBERS]},
        "days": {"sources": [SOURCE | {"code": f"s-{n}", "published_on": day} for n, day in enumerate(DAYS)]},
        "codes": {"sources": [SOURCE | {"code": code} for code in CODES]},
        "too long": {
            "sources": [SOURCE | {"title": "x" * 5000}, SOURCE | {"code": "b", "publisher": "Қ" * 5000}],
            "regions": [REGION | {"name": "🗳" * 251}, REGION | {"code": "b", "iso": "KZ-" + "1" * 50}],
            "observers": [PERSON | {"family_name": "Ж" * 151}],
        },
        "letters that a database may not store": {
            "sources": [SOURCE | {"title": "a\0b"}, SOURCE | {"code": "b\0"}],
            "regions": [REGION | {"name": "\0"}],
        },
        "choices": {
            "organizations": [BODY | {"kind": "Election_Body"}, BODY | {"code": "b", "kind": "commission"}],
            "regions": [REGION | {"country": country} for country in ("kz", "KAZ", "ZZ", "КЗ", "")],
            "sources": [SOURCE | {"public": word} for word in ("True", "yes", "1", "да")],
        },
        "the same record twice": {
            "sources": [SOURCE, SOURCE],
            "organizations": [BODY],
            "organization_names": [
                {"organization": "northland-commission", "language": "en", "name": "One", "source": "gazette"},
                {"organization": "northland-commission", "language": "en", "name": "Two", "source": "gazette"},
            ],
        },
        "names at the same time": {
            "organizations": [BODY],
            "organization_names": [
                {"organization": "northland-commission", "language": "en", "name": "One", "valid_from": "2030-01-01"},
                {"organization": "northland-commission", "language": "en", "name": "Two", "valid_from": "2031-01-01"},
            ],
        },
        "nothing to point to": {
            "missions": [MISSION | {"co_organizers": "nobody; no-one", "part_of": "nothing"}],
            "head_counts": [COUNT, COUNT | {"deployment": ""}],
            "assignments": [{"observer": "nobody", "role": "head"}],
            "statements": [{"subject": "missions/nothing", "field": "name", "value": "x", "source": "gazette"}],
        },
        "part of itself": WHOLE
        | {
            "organizations": [BODY | {"parent": "southland-ministry"}, OTHER_BODY | {"parent": "northland-commission"}],
            "missions": [MISSION | {"part_of": "mission"}],
            "deployments": [PARTY | {"part_of": "party"}],
        },
        "ends before starts": WHOLE
        | {
            "missions": [MISSION | {"starts_on": "2030-06-02", "ends_on": "2030-06-01"}],
            "deployments": [PARTY | {"starts_on": "2030-06-02", "ends_on": "2030-06-01"}],
            "regions": [REGION | {"valid_from": "2030-06-02", "valid_until": "2030-06-01"}],
            "head_counts": [COUNT | {"as_of_from": "2030-05-21"}],
        },
        "another election": WHOLE
        | {
            "elections": [ELECTION, ELECTION | {"code": "other", "country": "MN"}],
            "deployments": [PARTY | {"election": "other"}],
            "channels": [{"deployment": "party", "mission": "mission", "source": "gazette"}],
            "assignments": [{"observer": PERSON["code"], "mission": "mission", "deployment": "party", "role": "head"}],
        },
        "subjects": WHOLE
        | {
            "head_counts": [COUNT | {"mission": "mission"}, COUNT | {"value": ""}, COUNT | {"kind": "", "as_of": ""}],
            "assignments": [{"observer": PERSON["code"], "role": "head"}],
        },
        "one change refused among good ones": WHOLE | {"head_counts": [COUNT, COUNT | {"value": "many"}]},
    }


def write_all(folder):
    """Writes the datasets, each into a folder of its name, and gives the names."""
    folder.mkdir()
    for name, files in datasets().items():
        write(folder / name, files)
    return datasets().keys()
