"""The record before the import, and the 10,000 rows of the import: some change what is there, most are new."""

from __future__ import annotations

from uuid import NAMESPACE_URL, uuid5

ROWS = 10_000


def before():
    return files(parties=200, edition="first")


def imported():
    return files(parties=1954, edition="second")


def files(*, parties, edition):
    """The files of a dataset by name; its rows of one number are the same record in every edition."""
    sources = [f"gazette-{number}" for number in range(10)]
    organizations = [f"commission-{number}" for number in range(50)]
    elections = [f"vote-{number}" for number in range(20)]
    missions = [f"mission-{number}" for number in range(100)]
    cited = "; ".join(sources[:2] if edition == "first" else sources[1:4])
    return {
        "sources": [{"code": code, "title": f"Observers, {edition}", "publisher": "Gazette"} for code in sources],
        "organizations": [{"code": code, "kind": "election_body", "sources": cited} for code in organizations],
        "organization_names": [
            {"organization": code, "language": "en", "name": f"{code} of the {edition} edition", "source": sources[0]}
            for code in organizations
        ],
        "elections": [
            {"code": code, "country": "KG", "kind": "local", "election_day": "2030-06-02", "office": edition}
            for code in elections
        ],
        "missions": [
            {
                "code": code,
                "election": elections[number % 20],
                "organizer": organizations[number % 50],
                "kind": "om",
                "remark": edition,
                "sources": cited,
            }
            for number, code in enumerate(missions)
        ],
        "deployments": [
            {
                "code": f"party-{number}",
                "election": elections[number % 20],
                "sender": organizations[number % 50],
                "remark": edition,
                "sources": cited,
            }
            for number in range(parties)
        ],
        "channels": [
            {
                "deployment": f"party-{number}",
                "mission": missions[number % 100],
                "as_named": f"the mission, {edition} edition",
                "source": sources[0],
            }
            for number in range(parties)
        ],
        "head_counts": [
            {
                "deployment": f"party-{number}",
                "kind": "announced",
                "value": str(number + len(edition)),
                "as_of": "2030-05-20",
                "source": sources[0],
            }
            for number in range(parties)
        ],
        "observers": [
            {"code": person(number), "family_name": f"Example{number}", "given_names": edition}
            for number in range(parties)
        ],
        "assignments": [
            {
                "observer": person(number),
                "deployment": f"party-{number}",
                "role": "expert",
                "post": edition,
                "sources": cited,
            }
            for number in range(parties)
        ],
    }


def person(number):
    return str(uuid5(NAMESPACE_URL, f"observer {number}"))
