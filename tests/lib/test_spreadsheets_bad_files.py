"""Files made to do harm, files of other kinds and damaged files: a refusal in one sentence, or a right reading.

What may grow is read by a process of its own, which has 10 seconds of the processor and 256 MB of memory.
"""

from __future__ import annotations

import json
import random
import resource
import subprocess
import sys
from pathlib import Path
from zipfile import ZIP_BZIP2, ZIP_LZMA, ZIP_STORED
from zlib import crc32

import pytest

from lib.spreadsheets import Spreadsheet, SpreadsheetRefused, read_spreadsheet, write_spreadsheet
from tests.lib.workbooks import (
    MAIN,
    NAME_IN_A1,
    book,
    kinds,
    parts_of,
    relations,
    sheet_of,
    short_id,
    workbook_of,
    zipped,
)

SECONDS = 10
MEGABYTES = 256

UNSAFE = (
    "The workbook is built in a way that cannot be read safely: copy the list of people into a new workbook and "
    "send that."
)
ENTITIES = (
    "The workbook defines XML entities, which no list of people needs: copy the list of people into a new workbook "
    "and send that."
)
TOO_MUCH = "The workbook holds more cells or text than a list of people: split it, or send the list by itself."
TOO_LARGE = "Unpacked, the workbook is larger than 50 MB: copy the list of people into a new workbook and send that."
TOO_MANY_FILES = (
    "The workbook consists of more than 200 files: copy the list of people into a new workbook and send that."
)
DAMAGED = "The workbook is damaged, or only a part of it arrived: open it, save it again and send that."
NO_WORKBOOK = "This is a zip archive or another kind of document, not a workbook. Save the list as .xlsx or CSV."
TOO_MANY_CHARACTERS = "The list holds more than 10,000,000 characters: split it into several files."
IN_COLUMN_61 = (
    "Cell BI1 holds something, but only the first 60 columns are read: delete the columns that are not needed."
)
LONG_LINE = "A cell in line 1 is longer than 32,767 characters: shorten it, or close the quotation mark before it."
TOO_MANY_ROWS = "The list has more than 20,000 rows: split it into several files."

# The peak of the memory is the process's own: what getrusage says counts in the process that started it.
CHILD = """
import json, sys
from lib.spreadsheets import SpreadsheetRefused, read_spreadsheet
try:
    answer = len(read_spreadsheet("people", sys.stdin.buffer.read()).rows)
except SpreadsheetRefused as refused:
    answer = refused.sentence
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
print(json.dumps([answer, int(status["VmHWM"].split()[0]) // 1024]))
"""


def within_limits(content: bytes) -> int | str:
    """How many rows were read, or the sentence of the refusal."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        # Address space is more than memory in use; this only keeps a failing test from taking the whole machine.
        resource.setrlimit(resource.RLIMIT_AS, (4 * MEGABYTES * 2**20, 4 * MEGABYTES * 2**20))

    child = subprocess.run(  # noqa: S603  # our own program, in the interpreter that runs the tests
        [sys.executable, "-c", CHILD],
        input=content,
        capture_output=True,
        preexec_fn=limit,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert child.returncode == 0, child.stderr[-500:]
    answer, megabytes = json.loads(child.stdout)
    assert megabytes <= MEGABYTES
    return answer


def rows_of(number: int, cell: str, columns: int) -> str:
    return sheet_of(("<row>" + cell * columns + "</row>") * number)


def numbered(number: int, pattern: str) -> str:
    """`pattern` that many times, with 1, 2, 3 … for its #."""
    return "".join(pattern.replace("#", str(each)) for each in range(1, number + 1))


def texts(number: int, text: str) -> str:
    return f"<sst xmlns={MAIN!r}>" + f"<si><t>{text}</t></si>" * number + "</sst>"


def sheets_in_one_part(number: int) -> str:
    one = workbook_of("List")
    sheet = one[one.index("<sheet ") : one.index("</sheets>")]
    return one.replace(sheet, sheet * number)


def with_part(path: str, part: str) -> bytes:
    return zipped(parts_of() | {path: part})


LAUGHS = "".join(f"<!ENTITY l{level} '{f'&l{level - 1};' * 10}'>" for level in range(1, 10))
DOCTYPE = f"<!DOCTYPE l [<!ENTITY l0 'lol'>{LAUGHS}]>"
EXTERNAL = "<!DOCTYPE l [<!ENTITY l9 SYSTEM 'file:///etc/hostname'>]>"
WIDE_CELLS = numbered(20, "<c t='str'><v>😀abcde#</v></c>")
LONG_FORMAT = f"<numFmt numFmtId='1' formatCode='{'[' * 180_000}'/>"
RELATION = "<Relationship Id='#' Type='a' Target='#'/>"
NAME = "<row><c t='str'><v>Name</v></c></row>"
TEN_NAMES = "<row " + " ".join(f"{letter}#=''" for letter in "abcdefghij") + "/>"
FORMATTED_ROW = "<row s='1' ht='15' customHeight='1'/>"
MANY_FILES = dict.fromkeys(map(str, range(40_000)), "")

# How each is made, and what comes of it: a number of rows or the sentence of the refusal.
BOMBS = {
    "one shared text of 45 MB, unused": (lambda: book(shared=texts(1, "a" * 45_000_000)), TOO_MUCH),
    "1,600,000 shared texts": (lambda: book(shared=texts(1_600_000, "яяя")), TOO_MUCH),
    "45 MB of shared texts": (lambda: book(shared=texts(22_000, "я" * 1000)), TOO_MUCH),
    "60 MB of shared texts": (lambda: book(shared=texts(2_700_000, "abcdef")), TOO_LARGE),
    "one long text in every cell": (
        lambda: book(rows_of(20_000, "<c t='s'><v>0</v></c>", 15), shared=texts(1, "😀" * 5000)),
        TOO_MANY_CHARACTERS,
    ),
    "as many cells as are read": (lambda: book(rows_of(20_000, "<c><v>12345678</v></c>", 20)), 20_000),
    "wide letters in many cells": (lambda: book(rows_of(18_000, WIDE_CELLS, 1)), 18_000),
    "1,048,576 rows of nothing": (lambda: book(sheet_of(NAME_IN_A1 + "<row/>" * 1_048_575)), 1),
    "1,000,000 empty formatted rows": (lambda: book(sheet_of(NAME_IN_A1 + FORMATTED_ROW * 1_000_000)), 1),
    "1,000,000 rows that hold something": (lambda: book(rows_of(1_000_000, "<c><v>1</v></c>", 1)), TOO_MUCH),
    "90,000 rows that hold something": (lambda: book(rows_of(90_000, "<c><v>1</v></c>", 1)), TOO_MANY_ROWS),
    "a name below 500,000 formatted rows": (lambda: book(sheet_of(FORMATTED_ROW * 500_000 + NAME)), TOO_MUCH),
    "dimensions that lie": (lambda: book(sheet_of(NAME_IN_A1, before="<dimension ref='A1:XFD1048576'/>")), 1),
    "16,384 columns that hold something": (lambda: book(rows_of(1, "<c><v>1</v></c>", 16_384)), IN_COLUMN_61),
    "12,000,000 empty cells in a row": (lambda: book(rows_of(1, "<c/>", 12_000_000)), UNSAFE),
    "deep XML": (lambda: book("<a>" * 12_000_000), UNSAFE),
    "45 MB of one attribute": (lambda: book(sheet_of(f"<row r='{'1' * 45_000_000}'/>")), UNSAFE),
    "45 MB of one comment": (lambda: book(sheet_of(f"<!--{'x' * 45_000_000}-->")), UNSAFE),
    "1,200,000 attributes": (lambda: book("<a" + numbered(1_200_000, " a#=''") + "/>"), UNSAFE),
    "1,400,000 names": (lambda: book(sheet_of(numbered(140_000, TEN_NAMES))), UNSAFE),
    "400,000 namespaces": (lambda: book(sheet_of(numbered(400_000, "<row xmlns:b#='u'/>"))), UNSAFE),
    "90,000 elements in each other": (lambda: book(styles="<a>" * 90_000 + "</a>" * 90_000), 1),
    "600,000 relations": (
        lambda: with_part("xl/_rels/workbook.xml.rels", f"<a>{numbered(600_000, RELATION)}</a>"),
        UNSAFE,
    ),
    "formats slow to understand": (lambda: book(styles=f"<styleSheet>{LONG_FORMAT * 250}</styleSheet>"), UNSAFE),
    "500,000 sheets in one part": (lambda: book("<a/>", workbook=sheets_in_one_part(500_000)), UNSAFE),
    "100 sheets in one large part": (
        lambda: book(sheet_of(" " * 5_000_000), workbook=sheets_in_one_part(100)),
        TOO_MUCH,
    ),
    "entities in the shared texts": (lambda: book(shared=DOCTYPE + texts(1, "&l9;")), ENTITIES),
    "entities in the workbook": (lambda: book(workbook=f"{DOCTYPE}<workbook>&l9;</workbook>"), ENTITIES),
    "entities in the sheet": (lambda: book(f"{DOCTYPE}<worksheet>&l9;</worksheet>"), ENTITIES),
    "an entity that is another file": (lambda: book(f"{EXTERNAL}<worksheet>&l9;</worksheet>"), ENTITIES),
    "40,000 files in the archive": (lambda: zipped(parts_of() | MANY_FILES, ZIP_STORED), TOO_MANY_FILES),
    "packed without a bound (bzip2)": (lambda: zipped(parts_of(), ZIP_BZIP2), UNSAFE),
    "packed without a bound (LZMA)": (lambda: zipped(parts_of(), ZIP_LZMA), UNSAFE),
    "CSV of one cell": (lambda: b"a" * 5_000_000, LONG_LINE),
    "CSV of one row": (lambda: b"a," * 2_500_000, IN_COLUMN_61),
    "CSV of commas": (lambda: b"," * 5_000_000, "The file is empty: none of its lines holds anything."),
    "CSV of blank lines": (lambda: b"a" + b"\n" * 4_999_999, 1),
    "CSV of Cyrillic letters": (lambda: b"\xc0\n" * 2_500_000, TOO_MANY_ROWS),
    "CSV of wide letters": (lambda: ("😀" + "abcd," * 50 + "\n").encode() * 19_000, 19_000),
    "CSV with as many cells as are read": (lambda: (b"12," * 60 + b"\n") * 20_000, 20_000),
    "CSV of quotation marks": (lambda: b'"' + b"a\n" * 2_400_000, LONG_LINE),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_file_made_to_do_harm_does_none(name):
    make, answer = BOMBS[name]

    assert within_limits(make()) == answer


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty."),
        (b" \r\n\t", "The file is empty."),
        (b"a" * 5_000_001, "The file is larger than 5 MB: send the list of people by itself, or split it."),
        (b"%PDF-1.7\n", "This is a PDF document, not a spreadsheet. Save the list as .xlsx or CSV."),
        (b"\x89PNG\r\n\x1a\n", "This is an image, not a spreadsheet. Save the list as .xlsx or CSV."),
        (b"\xff\xd8\xff\xe0", "This is an image, not a spreadsheet. Save the list as .xlsx or CSV."),
        (b"<html><table>", "This is a web page or XML, not a spreadsheet. Save the list as .xlsx or CSV."),
        (b"\xef\xbb\xbf<?xml ", "This is a web page or XML, not a spreadsheet. Save the list as .xlsx or CSV."),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504,
            "This is an old workbook (.xls), or one protected by a password. Save it as .xlsx without a password.",
        ),
        (zipped({"a.txt": "x"}), NO_WORKBOOK),
        (zipped({}), NO_WORKBOOK),
        (zipped(parts_of() | {"[Content_Types].xml": kinds()}), NO_WORKBOOK),
        (zipped({"_rels/.rels": relations(r1="officeDocument word/document.xml")}), NO_WORKBOOK),
        (
            zipped(parts_of() | {"xl/vbaProject.bin": "x"}),
            "This workbook holds macros. Save it as .xlsx, which has none.",
        ),
        (
            zipped(parts_of() | {"xl/macrosheets/sheet1.xml": "x"}),
            "This workbook holds macros. Save it as .xlsx, which has none.",
        ),
        (zipped({"xl/workbook.bin": "x"}), "This is a binary workbook (.xlsb). Save it as .xlsx."),
        (
            zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "x"}),
            "This is an OpenDocument file (.ods). Save it as .xlsx.",
        ),
        (book(sheet_of("<row><c/></row>")), "The workbook is empty: none of its sheets holds anything."),
        (book(workbook=workbook_of()), "The workbook is empty: none of its sheets holds anything."),
        (book(workbook=workbook_of("List", "Lost")), DAMAGED),
        (book(sheet_of('<row><c t="s"><v>0</v></c></row>')), DAMAGED),
        (book(sheet_of('<row r="2"/><row r="2"><c><v>1</v></c></row>')), UNSAFE),
        (book(sheet_of('<row r="2"><c r="A1"><v>1</v></c></row>')), UNSAFE),
        (book(sheet_of('<row r="2"><c r="B2"/><c r="A2"><v>1</v></c></row>')), UNSAFE),
        (book(sheet_of('<row r="2"><c r="A2"/><c r="A2"><v>1</v></c></row>')), UNSAFE),
        (book(sheet_of('<row><c t="d"><v>yesterday</v></c></row>')), DAMAGED),
        (book(sheet_of('<row><c t="b"><v>maybe</v></c></row>')), DAMAGED),
        (book("<worksheet>"), DAMAGED),
        (book('<?xml version="1.0" encoding="nonsense"?><worksheet/>'), DAMAGED),
    ],
    ids=short_id,
)
def test_a_file_of_another_kind_is_refused_with_what_to_do(content, sentence):
    with pytest.raises(SpreadsheetRefused) as refused:
        read_spreadsheet("people.xlsx", content)

    assert str(refused.value) == sentence
    assert (refused.value.row, refused.value.column) == (0, "")


@pytest.mark.parametrize(
    ("flag", "sentence"), [(1, "The file is protected by a password. Save it without one."), (0x20, DAMAGED)]
)
def test_an_archive_that_only_other_programs_could_unpack_is_refused(flag, sentence):
    content = bytearray(book())
    # The flags of the first entry of the zip directory: encrypted, or a patch to another archive.
    content[content.index(b"PK\x01\x02") + 8] |= flag

    with pytest.raises(SpreadsheetRefused) as refused:
        read_spreadsheet("people.xlsx", bytes(content))

    assert str(refused.value) == sentence


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_workbook_that_arrived_in_part_is_refused(share):
    content = write_spreadsheet(["Name", "Post"], [[f"Person {number}", "clerk"] for number in range(100)], "List")

    with pytest.raises(SpreadsheetRefused, match="only a part of it arrived"):
        read_spreadsheet("people.xlsx", content[: int(len(content) * share)])


@pytest.mark.parametrize("true_sum", [True, False])
def test_sizes_that_lie_do_not_help(true_sum):
    shared = f"<sst xmlns={MAIN!r}><si><t>{'a' * 60_000_000}</t></si></sst>".encode()
    content = zipped(parts_of() | {"xl/sharedStrings.xml": shared})
    assert content.count(len(shared).to_bytes(4, "little")) == 2
    content = content.replace(len(shared).to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    if not true_sum:
        content = content.replace(crc32(shared).to_bytes(4, "little"), crc32(shared[:1000]).to_bytes(4, "little"))

    assert within_limits(content) == DAMAGED


def test_a_part_that_pretends_to_be_longer_than_the_file_is_refused():
    parts = parts_of()
    true_size = len(parts["xl/worksheets/sheet1.xml"]).to_bytes(4, "little")
    content = zipped(parts, ZIP_STORED)
    assert content.count(true_size) == 4

    with pytest.raises(SpreadsheetRefused, match="only a part of it arrived"):
        read_spreadsheet("people.xlsx", content.replace(true_size, (40_000_000).to_bytes(4, "little")))


# Damage at random


def damaged(content: bytes, chance: random.Random) -> bytes:
    found = bytearray(content)
    for _ in range(chance.randint(1, 5)):
        place = chance.randrange(len(found))
        match chance.randrange(4):
            case 0:
                found[place] ^= 1 << chance.randrange(8)
            case 1:
                found[place:place] = chance.randbytes(chance.randint(1, 8))
            case 2:
                del found[place : place + chance.randint(1, 8)]
            case _:
                del found[place + 1 if place > len(found) // 2 else len(found) - 1 :]
    return bytes(found)


def damaged_inside(parts: dict[str, str | bytes], chance: random.Random) -> bytes:
    """A sound archive with a damaged part."""
    path = chance.choice(sorted(parts))
    part = parts[path]
    return zipped(parts | {path: damaged(part.encode() if isinstance(part, str) else part, chance)})


def test_200_damaged_files_are_read_or_refused_and_nothing_else():
    row = (
        '<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2" s="1"><v>43023</v></c><c r="C2"><f>1+1</f><v>2</v></c></row>'
    )
    parts = parts_of(
        sheet_of(NAME_IN_A1 + row),
        shared=f'<sst xmlns="{MAIN}"><si><t>Серик</t></si></sst>',
        styles=f'<styleSheet xmlns="{MAIN}"><cellXfs><xf/><xf numFmtId="14"/></cellXfs></styleSheet>',
    )
    text = 'Имя;Город;День\n"Серик; Омаров";\'=1;2017-10-15\nДана;;46\n'
    answers = []
    for seed in range(200):
        chance = random.Random(seed)  # noqa: S311  # the same files every time
        kind = seed % 5
        if kind < 2:
            content = damaged(zipped(parts), chance)
        elif kind < 4:
            content = damaged_inside(parts, chance)
        else:
            content = damaged(text.encode(["utf-8", "cp1251", "utf-16"][seed % 3]), chance)
        try:
            answers.append(read_spreadsheet("people", content))
        except SpreadsheetRefused as refused:
            answers.append(str(refused))

    assert len(answers) == 200
    assert {isinstance(answer, Spreadsheet) for answer in answers} == {True, False}
    assert all(isinstance(answer, Spreadsheet) or answer.endswith(".") for answer in answers)
