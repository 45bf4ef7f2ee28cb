"""What is wrong with a dataset is told line by line, all at once; `dataset.problems` sees that nothing is changed."""

from __future__ import annotations

import pytest

from missions.models import Mission
from organizations.models import Source
from tests.factories import (
    ElectionFactory,
    HeadCountFactory,
    MissionFactory,
    OrganizationFactory,
    SourceFactory,
)

ROBIN = "0c7f2a4e-5f0b-4c58-9d3a-0f4d8a1b2c3d"
SOURCE = {"code": "gazette", "title": "Observers arrive", "publisher": "Northland Gazette"}
COLUMNS_OF_REGIONS = "code, iso, country, name, valid_from, valid_until, part_of, source"
FILES = (
    "assignments.csv, channels.csv, deployments.csv, elections.csv, head_counts.csv, invitations.csv, memberships.csv, "
    "missions.csv, observer_names.csv, observers.csv, organization_names.csv, organizations.csv, regions.csv, "
    "sources.csv, statements.csv, voting_days.csv"
)


# Files that cannot be read as a table


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("", "regions.csv:1: The file is empty. Leave it out, or begin it with a header row."),
        ("\ufeff", "regions.csv:1: The file is empty. Leave it out, or begin it with a header row."),
        (
            "code,country,name\n",
            "regions.csv:1: The file has a header but no rows. Leave it out if it has nothing to say.",
        ),
        (
            "code,country,name\nnorth,KZ,Қостанай\nsouth,KZ,".encode() + "Юг\n".encode("cp1251"),
            "regions.csv:3: name: The cell is not UTF-8. Save the file as UTF-8.",
        ),
        (
            "code,country,name\nnorth,KZ,North\n".encode("utf-16"),
            "regions.csv:1: This file looks like UTF-16. Save it as CSV in UTF-8.",
        ),
        ("code,country,name\nnorth,KZ\n", "regions.csv:2: This row has 2 cells, the header 3."),
        ("code,country,name\nnorth,KZ,North,more\n", "regions.csv:2: This row has 4 cells, the header 3."),
        (
            'code,country,name\nnorth,KZ,North\nsouth,KZ,"South\neast,KZ,East\n',
            "regions.csv:3: The row that begins here is not CSV (unexpected end of data). Check the quotation marks.",
        ),
        (
            'code,country,name\nnorth,KZ,"No"rth\n',
            "regions.csv:2: The row that begins here is not CSV (',' expected after '\"'). Check the quotation marks.",
        ),
        (
            "code,country,name,name\nnorth,KZ,North,North\n",
            "regions.csv:1: name: This column stands twice in the header.",
        ),
        (
            "code;country;name\nnorth;KZ;North\n",
            "regions.csv:1: The cells of this file stand between semicolons. Save it as CSV in UTF-8, with commas.",
        ),
        (
            "code\tcountry\tname\nnorth\tKZ\tNorth, far\n",
            "regions.csv:1: The cells of this file stand between tabs. Save it as CSV in UTF-8, with commas.",
        ),
        (
            '"code";"country";"name"\n"north";"KZ";"Костанай, Житикара"\n'.encode("cp1251"),
            (
                "regions.csv:1: The cells of this file stand between semicolons, and it looks like Windows-1251. "
                "Save it as CSV in UTF-8, with commas."
            ),
        ),
        (
            "code;country;name\nnorth;KZ;Zürich\n".encode("cp1252"),
            (
                "regions.csv:1: The cells of this file stand between semicolons, and it is not UTF-8. "
                "Save it as CSV in UTF-8, with commas."
            ),
        ),
        (
            "code,country,name,climate\nnorth,KZ,North,cold\n",
            f"regions.csv:1: climate: This is no column of regions.csv. Its columns: {COLUMNS_OF_REGIONS}.",
        ),
    ],
    ids=[
        "empty",
        "nothing but a byte order mark",
        "only a header",
        "a byte that is not UTF-8",
        "UTF-16",
        "a row too short",
        "a row too long",
        "a quote that never closes",
        "a quote inside a cell",
        "a column twice",
        "semicolons",
        "tabs",
        "semicolons, in Windows-1251",
        "semicolons, in Windows-1252",
        "an unknown column",
    ],
)
def test_a_file_that_is_no_table_is_refused_with_one_line(content, problem, dataset):
    assert dataset.put("regions", content).problems() == [problem]


def test_a_header_with_two_faults_is_told_both(dataset):
    dataset.put("regions", "code,country,country,climate\nnorth,KZ,KZ,cold\n")
    assert dataset.problems() == [
        f"regions.csv:1: climate: This is no column of regions.csv. Its columns: {COLUMNS_OF_REGIONS}.",
        "regions.csv:1: country: This column stands twice in the header.",
    ]


def test_a_header_with_a_blank_cell_is_told_which(dataset):
    dataset.put("regions", "code,,name\nnorth,KZ,North\n")
    assert dataset.problems() == [
        f"regions.csv:1: The header names no column in its cell 2. Its columns: {COLUMNS_OF_REGIONS}."
    ]


def test_a_file_that_is_no_file_of_the_dataset_is_refused(dataset):
    dataset.write("sources", SOURCE).put("pictures", "code\na\n")
    assert dataset.problems() == [f"pictures.csv:1: This is no file of the dataset. Its files: {FILES}."]


def test_a_folder_without_csv_is_refused(dataset):
    (dataset.folder / "notes.txt").write_text("nothing here")
    assert dataset.problems() == [f"{dataset.folder}:1: This folder holds no CSV file."]


def test_a_folder_where_a_file_should_be_is_refused(dataset):
    (dataset.folder / "sources.csv").mkdir()
    assert dataset.problems() == ["sources.csv:1: The file cannot be read: Is a directory."]


def test_files_that_are_no_csv_lie_beside_the_dataset_undisturbed(dataset):
    (dataset.folder / "README.md").write_text("what this is")
    (dataset.folder / "datapackage.json").write_text("{}")
    assert dataset.write("sources", SOURCE).read_in() == {"sources.csv": (1, 0, 0)}


# Cells


@pytest.mark.parametrize(
    ("file", "cells", "problem"),
    [
        ("sources", {**SOURCE, "published_on": "15.10.2017"}, "published_on: “15.10.2017” is no date"),
        ("sources", {**SOURCE, "published_on": "2017-10-32"}, "published_on: “2017-10-32” is no date"),
        ("sources", {**SOURCE, "published_on": "2017-02-29"}, "published_on: “2017-02-29” is no date"),
        ("sources", {**SOURCE, "published_on": "2017-9-5"}, "published_on: “2017-9-5” is no date"),
        ("sources", {**SOURCE, "published_on": "20171015"}, "published_on: “20171015” is no date"),
        ("sources", {**SOURCE, "published_on": "2017-W41-7"}, "published_on: “2017-W41-7” is no date"),
        ("sources", {**SOURCE, "published_on": "2017-10"}, "published_on: “2017-10” is no date"),
        ("sources", {**SOURCE, "published_on": "0000-01-01"}, "published_on: “0000-01-01” is no date"),
        ("sources", {**SOURCE, "published_on": "２０１７-10-15"}, "published_on: “２０１７-10-15” is no date"),
        ("sources", {**SOURCE, "published_on": " 2017-10-15"}, "published_on: “ 2017-10-15” is no date"),
        ("sources", {**SOURCE, "published_on": "yesterday"}, "published_on: “yesterday” is no date"),
    ],
    ids=lambda given: given.get("published_on") if isinstance(given, dict) else "",
)
def test_a_date_is_written_as_in_iso_8601_and_no_other_way(file, cells, problem, dataset):
    dataset.write(file, cells)
    assert dataset.problems() == [f"{file}.csv:2: {problem}. Write it like 2017-10-15."]


@pytest.mark.parametrize(
    ("file", "cells", "problem"),
    [
        ("sources", {**SOURCE, "public": "yes"}, "public: “yes” is neither true nor false."),
        ("sources", {**SOURCE, "public": "TRUE"}, "public: “TRUE” is neither true nor false."),
        ("sources", {**SOURCE, "title": "x" * 501}, "title: 501 characters are too many: 500 fit here."),
        ("sources", {**SOURCE, "title": "a\0b"}, "title: The cell holds a NUL character."),
        ("sources", {**SOURCE, "url": "no address"}, "url: Enter a valid URL."),
        ("sources", {**SOURCE, "url": "javascript:alert(1)"}, "url: Enter a valid URL."),
        (
            "sources",
            {**SOURCE, "language": "english"},
            "language: 7 characters are too many: 3 fit here.",
        ),
        (
            "sources",
            {**SOURCE, "language": "EN"},
            "language: Give the language as two or three letters, for example en, ru or kk.",
        ),
        (
            "sources",
            {**SOURCE, "code": "Gazette 1"},
            "code: A code holds lower-case letters, digits and single hyphens only.",
        ),
        (
            "sources",
            {**SOURCE, "code": "a\0b"},
            "code: The cell holds a NUL character.",
        ),
        (
            "sources",
            {**SOURCE, "code": "x" * 201},
            "code: Ensure this value has at most 200 characters (it has 201).",
        ),
        (
            "observers",
            {"code": ROBIN, "family_name": "Ә" * 300},
            "family_name: 300 characters are too many: 150 fit here.",
        ),
        (
            "observers",
            {"code": ROBIN, "family_name": "Example", "email": "robin"},
            "email: Enter a valid email address.",
        ),
        (
            "observers",
            {"code": ROBIN, "family_name": "Example", "languages": "en, ru"},
            "languages: Give languages as codes with “; ” between them, for example en; ru; kk.",
        ),
        (
            "observers",
            {"family_name": "Example"},
            "code: A person needs a code here, any UUID: without one the next import would not know them.",
        ),
        (
            "organizations",
            {"kind": "other"},
            "code: An organization needs a code here, for example odihr: its names are in another file.",
        ),
        (
            "organizations",
            {"code": "bureau", "kind": "club"},
            (
                "kind: “club” is not one of the choices: intergovernmental, parliamentary_assembly, election_body, "
                "election_body_association, government, parliament, local_authority, embassy, ngo, citizen_group, "
                "academic, other."
            ),
        ),
        (
            "organizations",
            {"code": "bureau", "kind": "other", "country": "kz"},
            "country: “kz” is not one of the choices: two capital letters of ISO 3166-1.",
        ),
        (
            "organizations",
            {"code": "bureau", "kind": "other", "parent": "nobody"},
            "parent: “nobody” is no code of organizations: neither in the record nor in organizations.csv.",
        ),
        (
            "organizations",
            {"code": "bureau", "kind": "other", "sources": "herald; nobody"},
            "sources: “nobody” is no code of sources: neither in the record nor in sources.csv.",
        ),
        (
            "regions",
            {"country": "KZ", "name": "North", "iso": "KZ-"},
            "iso: Give the ISO 3166-2 code, for example KZ-AKM or KZ-10.",
        ),
        (
            "elections",
            {"country": "KG", "kind": "local", "election_day": "2030-06-02", "accreditation_closes_at": "at noon"},
            "accreditation_closes_at: Give a day, or a day and the host's local time: 2016-03-14 or 2016-03-14T18:00.",
        ),
    ],
)
def test_a_cell_that_is_wrong_is_refused_with_one_line(file, cells, problem, dataset):
    SourceFactory(code="herald")
    dataset.write(file, cells)
    assert dataset.problems() == [f"{file}.csv:2: {problem}"]


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        ("46.0", "“46.0” is no whole number."),
        ("forty-six", "“forty-six” is no whole number."),
        ("1 000", "“1 000” is no whole number."),
        ("--5", "“--5” is no whole number."),
        ("-", "“-” is no whole number."),
        ("४६", "“४६” is no whole number."),
        ("46²", "“46²” is no whole number."),
        ("9" * 19, f"“{'9' * 19}” is too large."),
        ("9" * 5000, f"“{'9' * 60}…” is too large."),
        ("1" * 18, "Give a number of 10000000 at most."),
        ("-" + "1" * 17, "Give a number of 0 or more."),
    ],
    ids=lambda given: given[:25],
)
def test_a_number_is_written_in_plain_digits(cell, sentence, dataset):
    ElectionFactory(code="first")
    SourceFactory(code="gazette")
    dataset.write(
        "head_counts",
        {"election": "first", "kind": "announced", "value": cell, "as_of": "2030-06-01", "source": "gazette"},
    )
    assert dataset.problems() == [f"head_counts.csv:2: value: {sentence}"]


@pytest.mark.parametrize("round_given", ["0", "100", "40000", "999999999999999999"])
def test_a_round_that_no_election_has_is_refused_on_both_databases(round_given, dataset):
    ElectionFactory(code="first")
    dataset.write("voting_days", {"election": "first", "round": round_given, "starts_on": "2030-06-02"})
    (problem,) = dataset.problems()
    assert problem.startswith("voting_days.csv:2: round: ")


def test_a_quoted_cell_cannot_write_to_the_terminal(dataset):
    dataset.write("sources", {**SOURCE, "published_on": "\x1b[31m2017\n" + "x" * 100})
    assert dataset.problems() == [
        f"sources.csv:2: published_on: “�[31m2017�{'x' * 50}…” is no date. Write it like 2017-10-15."
    ]


# Rows


def test_the_line_is_that_of_the_file_also_below_cells_of_several_lines(dataset):
    dataset.put("sources", 'code,title,publisher,public\na,"three\nlines\nlong",Gazette,true\n\nb,B,Gazette,perhaps\n')
    assert dataset.problems() == ["sources.csv:6: public: “perhaps” is neither true nor false."]


def test_one_code_twice_is_refused(dataset):
    dataset.write("sources", SOURCE, {**SOURCE, "code": "herald"}, {**SOURCE, "title": "Again"})
    assert dataset.problems() == ["sources.csv:4: code: Line 2 is about the same record."]


def test_a_computed_code_twice_is_refused(dataset):
    election = {"country": "KG", "kind": "presidential", "election_day": "2030-06-02"}
    dataset.write("elections", election, {**election, "name": "Again"})
    assert dataset.problems() == ["elections.csv:3: code: Line 2 is about the same record."]


def test_one_natural_key_under_two_codes_is_refused(dataset):
    count = HeadCountFactory(election=ElectionFactory(code="first"), source__code="gazette")
    dataset.write(
        "head_counts",
        {
            "code": "another-code",
            "election": "first",
            "kind": "accredited",
            "value": "10",
            "as_of": "2030-06-01",
            "source": "gazette",
        },
    )
    assert dataset.problems() == [f"head_counts.csv:2: code: “{count.code}” is the same record under another code."]


def test_a_row_refused_as_a_second_one_does_not_disturb_the_first(dataset):
    election = {"code": "first", "country": "KG", "kind": "presidential", "election_day": "2030-06-02"}
    dataset.write("elections", election)
    day = {"election": "first", "round": "1", "starts_on": "2030-06-02"}
    dataset.write("voting_days", {**day, "ends_on": "2030-06-03"}, {**day, "ends_on": "2030-06-01"})
    assert dataset.problems() == ["voting_days.csv:3: code: Line 2 is about the same record."]


@pytest.mark.parametrize(
    "parts",
    [
        [("a", "a")],
        [("a", "b"), ("b", "a")],
        [("a", "b"), ("b", "c"), ("c", "a")],
        [("a", "b"), ("b", "c"), ("c", "b")],
    ],
)
def test_a_circle_within_a_file_is_told_at_each_row_that_leads_into_it(parts, dataset):
    dataset.write("organizations", *({"code": code, "kind": "other", "parent": parent} for code, parent in parts))
    assert dataset.problems() == [
        f"organizations.csv:{line}: parent: This would make it a part of itself, directly or through others."
        for line, _part in enumerate(parts, 2)
    ]


def test_a_circle_that_closes_through_stored_records_is_refused(dataset):
    whole = OrganizationFactory(code="whole")
    OrganizationFactory(code="part", parent=OrganizationFactory(code="between", parent=whole))
    dataset.write("organizations", {"code": "whole", "kind": "other", "parent": "part"})
    assert dataset.problems() == [
        "organizations.csv:2: parent: This would make it a part of itself, directly or through others."
    ]


def test_a_circle_that_the_same_file_opens_is_none(dataset):
    whole = OrganizationFactory(code="whole")
    OrganizationFactory(code="part", parent=whole)
    dataset.write(
        "organizations",
        {"code": "whole", "kind": "other", "parent": "part"},
        {"code": "part", "kind": "other", "parent": ""},
    )
    assert dataset.read_in() == {"organizations.csv": (0, 2, 0)}


def test_overlapping_names_of_one_file_are_refused(dataset):
    OrganizationFactory(code="secretariat")
    name = {"organization": "secretariat", "language": "en"}
    dataset.write(
        "organization_names",
        {**name, "name": "Old Name", "valid_until": "2021-11-12"},
        {**name, "name": "New Name", "valid_from": "2021-11-12"},
        {**name, "language": "ru", "name": "Новое имя"},
    )
    assert dataset.problems() == [
        (
            "organization_names.csv:2: valid_from: “New Name” is in force at the same time. "
            "Give the day on which one name ended."
        ),
        (
            "organization_names.csv:3: valid_from: “Old Name” is in force at the same time. "
            "Give the day on which one name ended."
        ),
    ]


# Several problems at once


def test_all_problems_of_all_files_are_told_at_once_in_reading_order(dataset):
    dataset.write("assignments", {"observer": "nobody", "mission": "nowhere", "role": "king"})
    dataset.write("sources", {**SOURCE, "published_on": "soon", "public": "maybe"}, {"code": "herald", "title": "B"})
    dataset.write("organizations", {"code": "bureau", "kind": "club", "country": "Kazakhstan"})
    dataset.write("elections", {"country": "KG", "kind": "local", "election_day": ""})
    assert dataset.problems() == [
        "sources.csv:2: public: “maybe” is neither true nor false.",
        "sources.csv:2: published_on: “soon” is no date. Write it like 2017-10-15.",
        "sources.csv:3: publisher: This field is required.",
        "organizations.csv:2: country: “Kazakhstan” is not one of the choices: two capital letters of ISO 3166-1.",
        (
            "organizations.csv:2: kind: “club” is not one of the choices: intergovernmental, parliamentary_assembly, "
            "election_body, election_body_association, government, parliament, local_authority, embassy, ngo, "
            "citizen_group, academic, other."
        ),
        "elections.csv:2: election_day: This field is required.",
        "assignments.csv:2: mission: “nowhere” is no code of missions: neither in the record nor in missions.csv.",
        "assignments.csv:2: observer: “nobody” is no code of observers: neither in the record nor in observers.csv.",
        (
            "assignments.csv:2: role: “king” is not one of the choices: head, deputy_head, special_coordinator, "
            "head_of_delegation, coordinator, core_team, long_term, short_term, parliamentarian, staff, expert, "
            "visitor."
        ),
    ]


ELECTION = {"code": "first", "country": "KG", "kind": "presidential", "election_day": "2030-06-02"}
MISSION = {"code": "joint", "election": "first", "organizer": "secretariat", "kind": "om"}
PARTY = {"code": "party", "election": "first", "sender_country": "KZ"}
CHANNEL = {"deployment": "party", "mission": "joint", "source": "gazette"}
COUNT = {"mission": "joint", "kind": "accredited", "value": "1", "as_of": "2030-06-01", "source": "gazette"}


@pytest.fixture
def chain(dataset):
    """Files each of which points to those before it."""
    dataset.write("sources", SOURCE)
    dataset.write("organizations", {"code": "secretariat", "kind": "other", "sources": "gazette"})
    dataset.write("elections", ELECTION)
    dataset.write("missions", MISSION)
    dataset.write("deployments", PARTY)
    dataset.write("channels", CHANNEL)
    dataset.write("head_counts", COUNT)
    dataset.write("statements", {"subject": "missions/joint", "field": "name", "value": "X", "source": "gazette"})
    return dataset


def test_a_file_that_cannot_be_read_causes_no_further_lines(chain):
    chain.put("sources", "code,title,publisher\ngazette,Газета,Northland Gazette\n".encode("utf-16"))
    assert chain.problems() == ["sources.csv:1: This file looks like UTF-16. Save it as CSV in UTF-8."]


def test_each_cell_that_is_not_utf_8_is_told_beside_all_else(chain):
    chain.put(
        "sources",
        "code,title,publisher,public\ngazette,Газета,Северная газета,maybe\n\nherald,Вестник,,true\n".encode("cp1251"),
    )
    assert chain.problems() == [
        "sources.csv:2: public: “maybe” is neither true nor false.",
        "sources.csv:2: publisher: The cell looks like Windows-1251. Save the file as UTF-8.",
        "sources.csv:2: title: The cell looks like Windows-1251. Save the file as UTF-8.",
        "sources.csv:4: publisher: This field is required.",
        "sources.csv:4: title: The cell looks like Windows-1251. Save the file as UTF-8.",
    ]


def test_a_code_that_is_not_utf_8_causes_no_further_lines(chain):
    chain.put("sources", b"code,title,publisher\ngazett\xe9,Observers arrive,Northland Gazette\n")
    assert chain.problems() == ["sources.csv:2: code: The cell is not UTF-8. Save the file as UTF-8."]


def test_a_row_that_cannot_be_read_causes_no_further_lines(chain):
    chain.put("missions", "code,election,organizer,kind\njoint,first,secretariat\n")
    assert chain.problems() == ["missions.csv:2: This row has 3 cells, the header 4."]


@pytest.mark.parametrize(
    ("file", "cells", "problem"),
    [
        ("sources", {**SOURCE, "published_on": "soon"}, "published_on: “soon” is no date. Write it like 2017-10-15."),
        ("elections", {**ELECTION, "election_day": ""}, "election_day: This field is required."),
        (
            "missions",
            {**MISSION, "election": "nowhere"},
            "election: “nowhere” is no code of elections: neither in the record nor in elections.csv.",
        ),
        ("missions", {**MISSION, "election": ""}, "election: This field is required."),
        ("missions", {"code": "joint", "organizer": "secretariat", "kind": "om"}, "election: This field is required."),
        (
            "missions",
            {**MISSION, "starts_on": "2030-06-02", "ends_on": "2030-06-01"},
            "ends_on: The end, 2030-06-01, is before the start, 2030-06-02.",
        ),
        ("deployments", {**PARTY, "election": ""}, "election: This field is required."),
        (
            "deployments",
            {**PARTY, "sender": "nobody"},
            "sender: “nobody” is no code of organizations: neither in the record nor in organizations.csv.",
        ),
    ],
)
def test_a_row_that_is_wrong_causes_no_further_lines_where_it_is_pointed_to(file, cells, problem, chain):
    chain.write(file, cells)
    assert chain.problems() == [f"{file}.csv:2: {problem}"]


def test_a_person_without_a_code_does_not_hide_that_others_are_unknown(chain):
    chain.write("observers", {"code": ROBIN, "family_name": "Example"}, {"code": "", "family_name": "Nameless"})
    place = {"mission": "joint", "role": "expert"}
    chain.write("assignments", {"observer": ROBIN, **place}, {"observer": ROBIN.replace("0c", "1c"), **place})
    assert chain.problems() == [
        "observers.csv:3: code: A person needs a code here, any UUID: without one the next import would not know them.",
        (
            f"assignments.csv:3: observer: “{ROBIN.replace('0c', '1c')}” is no code of observers: "
            "neither in the record nor in observers.csv."
        ),
    ]


def test_a_code_that_is_wrong_is_told_also_where_another_row_of_that_file_is_wrong(chain):
    chain.write("sources", {**SOURCE, "public": "maybe"})
    chain.write("channels", {**CHANNEL, "source": "misspelt"})
    assert chain.problems() == [
        "sources.csv:2: public: “maybe” is neither true nor false.",
        "channels.csv:2: source: “misspelt” is no code of sources: neither in the record nor in sources.csv.",
    ]


def test_rows_before_a_quote_that_never_closes_are_checked_all_the_same(dataset):
    dataset.put("sources", 'code,title,publisher,public\na,A,Gazette,maybe\nb,"B,Gazette,true\n')
    assert dataset.problems() == [
        "sources.csv:2: public: “maybe” is neither true nor false.",
        "sources.csv:3: The row that begins here is not CSV (unexpected end of data). Check the quotation marks.",
    ]


def test_a_name_with_a_wrong_date_is_not_held_against_other_names(dataset):
    OrganizationFactory(code="secretariat")
    name = {"organization": "secretariat", "language": "en"}
    dataset.write(
        "organization_names",
        {**name, "name": "Old Name", "valid_until": "2021-11-11"},
        {**name, "name": "New Name", "valid_from": "12.11.2021"},
    )
    assert dataset.problems() == [
        "organization_names.csv:3: valid_from: “12.11.2021” is no date. Write it like 2017-10-15."
    ]


def test_an_owner_from_a_file_that_cannot_be_read_is_no_problem_of_its_own(dataset):
    dataset.put("organizations", "")
    assert dataset.problems(owner="secretariat") == [
        "organizations.csv:1: The file is empty. Leave it out, or begin it with a header row."
    ]


# A row that changes what is stored is checked like a new one


def test_a_change_that_is_refused_changes_nothing(dataset):
    MissionFactory(code="joint", starts_on="2030-06-01")
    dataset.write("sources", SOURCE)
    dataset.write("missions", {"code": "joint", "ends_on": "2030-05-31"})
    assert dataset.problems() == ["missions.csv:2: ends_on: The end, 2030-05-31, is before the start, 2030-06-01."]
    assert (Mission.objects.get().ends_on, Source.objects.count()) == (None, 0)


def test_a_required_cell_that_is_emptied_is_refused(dataset):
    MissionFactory(code="joint")
    dataset.write("missions", {"code": "joint", "organizer": "", "kind": ""})
    assert dataset.problems() == [
        "missions.csv:2: kind: This field is required.",
        "missions.csv:2: organizer: This field is required.",
    ]
