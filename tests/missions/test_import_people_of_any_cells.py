"""Whatever a spreadsheet of people holds: no error, nothing changed by the plan, every refusal with row and column."""

from __future__ import annotations

import re

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from lib.spreadsheets import UNREADABLE, SheetRow, Spreadsheet
from missions.models import Assignment
from missions.people.fields import Field
from missions.people.header_words import FIELD_OF_WORD
from missions.people.layout import lay_out
from missions.people.plan import ANOTHER_PERSON, Outcome, plan_import
from missions.people.storing import store
from tests.conftest import NOW, everything_stored
from tests.factories import AssignmentFactory, ObserverFactory, RegionFactory
from tests.missions.people_sheets import mission_of, task_of

HEADERS = [
    *("Name", "Surname", "ФИО", "Аты-жөні", "Имя", "Отчество", "Страна", "Пол", "E-mail", "Телефон", "Языки", "Роль"),
    *("Статус", "с", "по", "Период", "Регион", "Город", "Должность", "Организация", "Аккредитация", "Примечание"),
    *("№", "Паспорт", "What is wrong", "Любимый цвет", ""),
]
CELLS = [
    *("Example Robin", "Robin EXAMPLE", "Gerasymov Oleh", "Герасимов Олег", "Example, Robin", "А", "1", "2", "3"),
    *("KZ", "Казахстан", "f", "ж", "one@example.org", "no address", "en; ru", "STO", "ККН", "head", "confirmed"),
    *("2030-05-30", "31.12.2029", "32.10.2017", "10.2017", "01/02/2030", "Chui", "KG-C", "x" * 300, "0", "–"),
    *("", "", "", " ", f"{UNREADABLE}=A1", "\0", "\ud800", "Ａ", "Итого: 46", "'=1+1", "\u202e"),
]
cells = st.sampled_from(CELLS) | st.text(max_size=12)
headers = st.sampled_from(HEADERS) | st.sampled_from(sorted(FIELD_OF_WORD)) | st.text(max_size=8)
tables = st.tuples(
    st.lists(st.lists(cells, max_size=8), max_size=3),
    st.lists(headers, min_size=1, max_size=8),
    st.lists(st.lists(cells, min_size=1, max_size=8), max_size=8),
)
A_REFUSAL = re.compile(r"row \d+, [A-Z]+( “.*”)?: .+", re.DOTALL)


@pytest.fixture
def task(secretariat):
    mission = mission_of(secretariat)
    RegionFactory(country="KG", name="Chui", iso="KG-C")
    known = ObserverFactory(family_name="Gerasymov", given_names="Oleh", nationality="UA")
    AssignmentFactory(observer=known, mission=mission, role="long_term")
    ObserverFactory(family_name="Example", given_names="Robin")
    return task_of(mission)


def spreadsheet(above, header, below):
    rows = [row for row in (*above, header, *below) if any(cell.strip() for cell in row)]
    width = max(map(len, rows), default=0)
    padded = [(*row, *[""] * (width - len(row))) for row in rows]
    return Spreadsheet([SheetRow(number, row) for number, row in enumerate(padded, start=1)], [])


@settings(max_examples=1000, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    table=tables,
    chosen=st.dictionaries(st.integers(0, 8), st.sampled_from(Field.values), max_size=3),
    decided=st.dictionaries(st.integers(1, 12), st.sampled_from([ANOTHER_PERSON, "known", "nobody"]), max_size=4),
)
@example(table=([], ["ФИО"], [["Example Robin"], ["EXAMPLE Robin"]]), chosen={}, decided={2: ANOTHER_PERSON})
def test_any_table_is_planned_without_an_error_or_a_change(task, table, chosen, decided):
    before = everything_stored()
    known = Assignment.objects.get().observer.code
    decisions = {row: known if decision == "known" else decision for row, decision in decided.items()}
    sheet = spreadsheet(*table)
    if not sheet.rows:
        return
    layout = lay_out(sheet, remembered={}, chosen=chosen)
    plan = plan_import(layout, task, user=None, decisions=decisions)
    plan.fingerprint()
    assert everything_stored() == before
    assert plan.rows == [] or not layout.problems
    if not layout.problems:
        assert sum(plan.totals().values()) == len(plan.rows) == len(layout.rows)
    for row in plan.rows:
        assert (row.outcome == Outcome.REFUSED) == bool(row.row.refusals)
        assert all(A_REFUSAL.fullmatch(str(refusal)) for refusal in row.row.refusals)
        assert (row.person is None) == (row.outcome in {Outcome.REFUSED, Outcome.WAITING})


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(table=tables)
def test_any_table_is_stored_once_and_changes_nothing_the_second_time(task, table):
    sheet = spreadsheet([], ["ФИО", *table[1][1:]], table[2])
    decisions = dict.fromkeys(range(1, 20), ANOTHER_PERSON)
    plan = plan_import(lay_out(sheet, remembered={}), task, user=None, decisions=decisions)
    if not plan.can_be_stored:
        return
    with transaction.atomic():
        store(plan, now=NOW)
        for place in Assignment.objects.all():
            place.full_clean()
            place.observer.full_clean()
        before = everything_stored()
        again = plan_import(lay_out(sheet, remembered={}), task, user=None, decisions=decisions)
        assert [row for row in again.rows if row.outcome in {Outcome.CREATED, Outcome.CHANGED}] == []
        assert everything_stored() == before
        transaction.set_rollback(True)
