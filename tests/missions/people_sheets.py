"""Spreadsheets of people for tests, and the ways in which they are read in."""

from __future__ import annotations

import csv
import io
from datetime import date

from lib.spreadsheets import SheetRow, Spreadsheet, write_spreadsheet
from missions.people.layout import lay_out
from missions.people.plan import plan_import
from missions.people.task import Task
from tests.factories import DeploymentFactory, ElectionFactory, MissionFactory


def csv_file(*rows, encoding="utf-8", separator=","):
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode(encoding)


def xlsx_file(*rows):
    return write_spreadsheet(rows[0], rows[1:], "People")


def sheet(*rows):
    """A spreadsheet that was read; blank rows are left out, as the reader does."""
    width = max(map(len, rows))
    cells = [(number, (*row, *[""] * (width - len(row)))) for number, row in enumerate(rows, start=1)]
    return Spreadsheet([SheetRow(number, row) for number, row in cells if any(row)], [])


def laid_out(*rows, remembered=None, chosen=None):
    return lay_out(sheet(*rows), remembered=remembered or {}, chosen=chosen or {})


def planned(task, *rows, user=None, decisions=None, remembered=None, chosen=None):
    """What these rows would do, the first of them being the header."""
    layout = laid_out(*rows, remembered=remembered, chosen=chosen)
    return plan_import(layout, task, user=user, decisions=decisions or {})


def outcomes(plan):
    return {row.row.number: row.outcome.value for row in plan.rows}


def refusals(plan):
    return [str(refusal) for row in plan.rows for refusal in row.row.refusals]


def mission_of(secretariat, **more):
    """The mission that people are sent to, at a presidential election in Kyrgyzstan."""
    election = ElectionFactory(code="kg-presidential-2030-06-02", country="KG", election_day=date(2030, 6, 2))
    return MissionFactory(
        code="kg-presidential-2030-06-02-secretariat", election=election, organizer=secretariat, **more
    )


def party_of(mission, sender=None, **more):
    country = sender.country if sender else "KZ"
    return DeploymentFactory(election=mission.election, sender=sender, sender_country=country, **more)


def task_of(mission, **more):
    return Task(mission, **more)
