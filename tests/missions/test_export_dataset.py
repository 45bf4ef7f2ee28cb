"""The export of the record: every value survives the way out and in again, byte for byte; no folder is ever half."""

from __future__ import annotations

import csv
from datetime import date
from io import StringIO
from itertools import count

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.core.validators import MaxLengthValidator
from django.db import connection, models, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from django_countries.fields import Country
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from missions.dataset import RECORDS, ExportRefused, export_dataset, import_dataset
from missions.models import HeadCount, Statement
from observers.models import Observer
from organizations.models import (
    Audience,
    Change,
    ChangedRecord,
    FeedEntry,
    Organization,
    OwnedRecord,
    PersonalValue,
)
from tests.conftest import NOW
from tests.factories import (
    ElectionFactory,
    MissionFactory,
    OrganizationFactory,
    SourceFactory,
    StatementFactory,
)
from tests.missions.test_lists import whole_record

# What programs that read or write tables like to change.
AWKWARD = [
    *(" ", "  two before", "two behind  ", "\ttab\t", "a\tb", "\u00a0", "\u3000wide\u3000"),
    *("one\ntwo", "one\r\ntwo", "one\rtwo", "\n", "\r", "\r\n", "ends with\r", "\rbegins", "a\n\n\rb\r\r\n"),
    *('"', '""', 'say "no"', '"quoted"', "'", "'=1+1", "''", "’", "a,b", ",", "a;b", "a; b", "; "),
    *("=1+1", "+7", "-7", "@home", "|pipe", "%", "\\", "\\N", "\\n", "0", "007", "1e5", "1.0", "true", "false"),
    *("NULL", "null", "None", "nan", "#N/A", "2017-10-15", "15.10.2017", "{}", "[]", "<b>&amp;</b>", "code"),
    *("\ufeffmark", "\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c", "\x1f", "\x7f", "\u200b", "\ufffd", "\uffff"),
    *("Әлия Ғұмырова", "e\u0301 is not é", "مرحبا\u200f", "דוד בן־גוריון", "中文", "👩‍👩‍👧", "𝔘", "ß", "İ", "x" * 150),
]


def files_of(folder):
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def rows_of(folder, name):
    """The rows of an exported file, by code and column, as any program reads CSV."""
    text = (folder / f"{name}.csv").read_bytes().decode()
    return {row["code"]: row for row in csv.DictReader(StringIO(text, newline=""), strict=True)}


def empty_the_record():
    """Deletes every row of every table of ours; who points to whom matters to the database only at the end.

    But for the log of changes and its feed: the database keeps them.
    """
    for label in ("organizations", "observers", "missions"):
        models_of_app = set(apps.get_app_config(label).get_models(include_auto_created=True))
        for model in models_of_app - {Change, ChangedRecord, PersonalValue, Audience, FeedEntry}:
            rows = model._base_manager.all()
            rows._raw_delete(rows.db)


def as_stored():
    """What is stored of each record, with codes in the place of keys, but for the time of the last change."""
    stored = {}
    for model in RECORDS:
        columns = [*model.columns, *(["owner"] if issubclass(model, OwnedRecord) else [])]
        relations = [name for name in columns if model._meta.get_field(name).is_relation]
        many = [name for name in relations if model._meta.get_field(name).many_to_many]
        one = [name for name in relations if name not in many]
        for record in (model.objects.select_related(*one) if one else model.objects).prefetch_related(*many):
            values = {column: stored_value(record, column) for column in columns}
            stored[f"{model.resource()}/{record.code}"] = values
    return stored


def stored_value(record, column):
    field = record._meta.get_field(column)
    if field.many_to_many:
        return sorted(other.code for other in getattr(record, column).all())
    value = getattr(record, column)
    return value.code if isinstance(value, models.Model | Country) else value


def free_texts(model):
    """The columns of a kind of record in which any text may stand."""
    fields = [model._meta.get_field(column) for column in model.columns]
    texts = [field for field in fields if type(field) in {models.CharField, models.TextField} and not field.choices]
    plain = [field for field in texts if all(isinstance(each, MaxLengthValidator) for each in field.validators)]
    return [field for field in plain if (model, field.name) not in {(Statement, "subject"), (Statement, "field")}]


def fill_free_texts(records, next_text):
    """Writes a text into each column that takes any, and answers the texts by record and column."""
    filled = {}
    for record in records:
        for field in free_texts(type(record)):
            text = next_text()[: field.max_length]
            filled[type(record).dataset_file, record.code, field.name] = text
            type(record).objects.filter(pk=record.pk).update(**{field.name: text})
    return filled


def all_records():
    return [record for model in RECORDS for record in model.objects.order_by("code")]


@pytest.fixture
def awkward(db):
    """Rows of every kind, kept by somebody or nobody, with awkward texts wherever a text may stand."""
    whole_record("a")
    whole_record("b")
    for number, record in enumerate(all_records()):
        if isinstance(record, OwnedRecord) and number % 2:
            type(record).objects.filter(pk=record.pk).update(owner=Organization.objects.order_by("code")[0])
    Observer.objects.filter(given_names="Robin0").update(withheld=True, languages="en; ru", email="r@example.org")
    HeadCount.objects.filter(kind="deployed").update(value=0, as_of_from=date(999, 1, 2), preferred=True)
    HeadCount.objects.filter(source__code="herald-a").update(value=None, qualifier="not_published", counted=False)
    texts = iter(AWKWARD * 20)
    return fill_free_texts(all_records(), lambda: next(texts))


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "exported"


def round_trip(tmp_path):
    """Exports the record, reads it into an empty database and exports it again; answers both folders' files."""
    first, second = tmp_path / "first", tmp_path / "second"
    export_dataset(first, public=False)
    empty_the_record()
    import_dataset(first, now=NOW)
    export_dataset(second, public=False)
    return files_of(first), files_of(second)


# The way out and in again


def test_every_text_stands_in_the_file_as_it_is_stored(awkward, folder):
    export_dataset(folder, public=False)
    written = {key: rows_of(folder, key[0])[key[1]][key[2]] for key in awkward}
    assert written == awkward
    assert set(AWKWARD) <= set(written.values())
    assert len({(file, column) for file, _code, column in written}) == 33


def test_what_is_stored_is_the_same_after_the_way_out_and_in(awkward, tmp_path):
    before = as_stored()
    first, second = round_trip(tmp_path)
    assert as_stored() == before
    assert first == second
    assert len(first) == 17


def test_reading_an_export_into_the_same_database_changes_nothing(awkward, folder):
    rows = export_dataset(folder, public=False)
    tallies = import_dataset(folder, now=NOW.replace(year=2031))
    assert {file: (tally.new, tally.changed, tally.as_before) for file, tally in tallies.items()} == {
        file: (0, 0, count) for file, count in rows.items()
    }


ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=40)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(ANY_TEXT | st.text("\",;\r\n\t ='", min_size=1, max_size=6), min_size=1, max_size=30))
def test_any_text_is_the_same_after_the_way_out_and_in(rows_of_every_kind, tmp_path_factory, texts):
    folder = tmp_path_factory.mktemp("any_text")
    with transaction.atomic():
        filled = fill_free_texts(all_records(), another_each_time(texts))
        first, second = round_trip(folder)
        written = {file: rows_of(folder / "first", file) for file, _code, _column in filled}
        transaction.set_rollback(True)
    assert {key: written[key[0]][key[1]][key[2]] for key in filled} == filled
    assert first == second


@pytest.fixture
def rows_of_every_kind(db):
    whole_record("a")


def another_each_time(texts):
    """The texts one after the other, again and again, with a number once they come again: spellings are told apart."""
    numbers = count()
    return lambda: texts[place] if (place := next(numbers)) < len(texts) else f"{place}{texts[place % len(texts)]}"


# The files


def test_a_file_is_written_with_as_few_quotes_as_can_be(db, folder):
    SourceFactory(code="b", title='say "no"', publisher="a, b", public=False, published_on=date(999, 1, 2))
    SourceFactory(code="a", title=" one\rtwo", publisher="'=1+1", owner=OrganizationFactory(code="keeper"))
    export_dataset(folder, public=False)
    assert (folder / "sources.csv").read_bytes() == (
        b"code,title,publisher,url,archive_url,published_on,accessed_on,language,public,excerpt,owner\n"
        b'a," one\rtwo",\'=1+1,,,,,,true,,keeper\n'
        b'b,"say ""no""","a, b",,,0999-01-02,,,false,,\n'
    )
    assert (folder / "organizations.csv").read_bytes() == (
        b"code,kind,country,parent,founded_on,dissolved_on,website,sources\nkeeper,intergovernmental,,,,,,\n"
    )


def test_the_columns_are_those_of_the_record_and_then_the_keeper(awkward, folder):
    export_dataset(folder, public=False)
    headers = {model: (folder / f"{model.dataset_file}.csv").read_text("utf-8").split("\n")[0] for model in RECORDS}
    owned = [model for model in RECORDS if issubclass(model, OwnedRecord)]
    assert headers == {
        model: ",".join(["code", *model.columns, *(["owner"] if model in owned else [])]) for model in RECORDS
    }
    assert len(owned) == 9


def test_rows_and_the_codes_in_a_cell_stand_in_the_order_of_code_points(db, folder):
    codes = ["1", "10", "9", "a", "a-1", "a-10", "a-2", "a-b", "a1", "ab", "b"]
    sources = [SourceFactory(code=code) for code in reversed(codes)]
    MissionFactory(sources=sources)
    export_dataset(folder, public=False)
    assert list(rows_of(folder, "sources")) == codes
    [mission] = rows_of(folder, "missions").values()
    assert mission["sources"] == "; ".join(codes)


def test_a_kind_of_record_without_rows_has_no_file(db, folder):
    SourceFactory()
    assert export_dataset(folder, public=False) == {"sources.csv": 1}
    assert sorted(files_of(folder)) == ["datapackage.json", "sources.csv"]


def test_the_same_record_gives_the_same_files_in_any_language_at_any_time(awkward, folder, tmp_path):
    export_dataset(folder, public=False)
    for model in RECORDS:
        model.objects.update(modified_at=NOW)
    with translation.override("ru"):
        export_dataset(tmp_path / "again", public=False)
    assert files_of(folder) == files_of(tmp_path / "again")


def test_an_export_takes_no_more_queries_for_more_rows(db, tmp_path):
    taken = []
    for number in range(3):
        whole_record(f"a{number}", sources=None)
        with CaptureQueriesContext(connection) as captured:
            export_dataset(tmp_path / f"{number}", public=False)
            export_dataset(tmp_path / f"public{number}", public=True)
        taken.append(len(captured))
    assert taken[0] == taken[1] == taken[2]
    assert taken[0] < 60


# The folder


@pytest.fixture
def one_source(db):
    return SourceFactory(code="gazette")


@pytest.mark.parametrize("name", ["notes.txt", "people.csv", ".hidden", "missions.CSV"])
def test_a_folder_with_other_files_is_refused_and_stays_as_it_is(one_source, folder, name):
    folder.mkdir()
    (folder / "sources.csv").write_text("mine")
    (folder / name).write_text("mine")
    with pytest.raises(ExportRefused) as refused:
        export_dataset(folder, public=False)
    assert str(refused.value) == (
        f"{folder} holds “{name}”, which is no file of a dataset. Name a folder that is new or empty."
    )
    assert files_of(folder) == {"sources.csv": b"mine", name: b"mine"}
    assert sorted(folder.parent.iterdir()) == [folder]


def test_a_folder_inside_the_folder_is_refused(one_source, folder):
    (folder / "sources.csv").mkdir(parents=True)
    with pytest.raises(ExportRefused, match=r"holds “sources.csv”"):
        export_dataset(folder, public=False)


def test_a_file_is_no_folder(one_source, folder):
    folder.write_text("mine")
    with pytest.raises(ExportRefused, match=r"exported is no folder\.$"):
        export_dataset(folder, public=False)
    assert folder.read_text() == "mine"


def test_an_empty_folder_is_filled_and_an_older_export_is_replaced_as_a_whole(one_source, folder):
    folder.mkdir()
    election = ElectionFactory()
    assert export_dataset(folder, public=False) == {"sources.csv": 1, "elections.csv": 1}
    election.delete()
    assert export_dataset(folder, public=False) == {"sources.csv": 1}
    assert sorted(files_of(folder)) == ["datapackage.json", "sources.csv"]
    assert sorted(folder.parent.iterdir()) == [folder]


def test_an_export_that_breaks_off_leaves_the_older_one(one_source, folder):
    export_dataset(folder, public=False)
    before = files_of(folder)
    OrganizationFactory()

    def broken(rows, name):
        if name == "organizations.csv":
            raise KeyboardInterrupt
        return rows

    with pytest.raises(KeyboardInterrupt):
        export_dataset(folder, public=False, watch=broken)
    assert files_of(folder) == before
    assert sorted(folder.parent.iterdir()) == [folder]


@pytest.mark.parametrize(("public", "end"), [(False, "."), (True, " that is public.")])
def test_nothing_is_written_where_there_is_nothing_to_write(db, folder, public, end):
    if public:
        SourceFactory(public=False)
    with pytest.raises(ExportRefused) as refused:
        export_dataset(folder, public=public)
    assert str(refused.value) == f"Nothing was written: the record holds no row{end}"
    assert list(folder.parent.iterdir()) == []


def test_a_statement_about_a_record_that_is_gone_is_told_and_not_written(one_source, folder):
    mission = MissionFactory()
    statement = StatementFactory(subject=f"missions/{mission.code}", source=one_source)
    mission.delete()
    with pytest.raises(ExportRefused) as refused:
        export_dataset(folder, public=False)
    assert str(refused.value) == (
        f"Nothing was written: the statement “{statement.code}” is about “missions/{mission.code}”, which is no longer "
        "in the record. Delete that statement."
    )
    assert export_dataset(folder, public=True)["sources.csv"] == 1
    assert "statements.csv" not in files_of(folder)


# The command


def test_the_command_tells_how_many_rows_each_file_has(one_source, folder):
    SourceFactory(public=False)
    out = StringIO()
    call_command("export_dataset", folder, stdout=out)
    call_command("export_dataset", folder, public=True, stdout=out)
    assert out.getvalue().splitlines() == ["sources.csv: 2 rows", "sources.csv: 1 row"]
    assert list(rows_of(folder, "sources")) == ["gazette"]


def test_the_command_refuses_in_a_sentence(one_source, folder):
    folder.write_text("mine")
    with pytest.raises(CommandError, match=r"exported is no folder\.$"):
        call_command("export_dataset", folder)
