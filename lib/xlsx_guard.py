"""The archive and the XML of an XLSX workbook, looked through before openpyxl reads them.

openpyxl builds trees of the XML, for which a file of 50 kB made to do harm needs gigabytes. Nothing is understood here:
only counted, what costs openpyxl memory or time.
"""

from __future__ import annotations

from io import BytesIO
from typing import IO, TYPE_CHECKING
from xml.parsers import expat
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from openpyxl.xml.constants import SHEET_MAIN_NS

from lib.sheets import CHARACTERS_IN_ALL, SpreadsheetRefused

if TYPE_CHECKING:
    from zipfile import ZipInfo

# Beyond what the rows themselves may hold, so that only files made to do harm, or badly grown ones, meet these.
_UNPACKED_AT_MOST = 50_000_000
_FILES_AT_MOST = 200
_CHARACTERS_AT_MOST = CHARACTERS_IN_ALL + 2_000_000
# 20,000 rows of 10 cells, each with a text of its own, cost 1,220,000.
_COST_AT_MOST = 1_250_000
_ROWS_AT_MOST = 100_000
# openpyxl forgets what is in a row or in a shared text when it has read it; all else stays in memory.
_KEPT_AT_MOST = 100_000
_TAG_AT_MOST = 200_000
_FORMAT_AT_MOST = 255
_NAMES_AT_MOST = 2_000
_CHUNK = 64 * 1024

ROW = f"{SHEET_MAIN_NS} row"
TEXT = f"{SHEET_MAIN_NS} si"
# How long openpyxl takes for an element; those not named here become objects, which takes longest.
_COSTS = {"row": 1, "v": 1, "t": 1, "f": 1, "c": 2, "is": 2, "si": 2}
_COSTS = {f"{SHEET_MAIN_NS} {name}": cost for name, cost in _COSTS.items()}
_COST_OF_OTHERS = 4

_NEW_WORKBOOK = "copy the list of people into a new workbook and send that."


class GuardedArchive:
    """The archive as openpyxl asks for it: each part is looked through whenever it is asked for.

    What is opened openpyxl reads `piece` by piece; then `pieces` is the number of them up to the last that holds any
    text. Damage raises as in the zip and XML libraries.
    """

    def __init__(self, content: bytes) -> None:
        self._zip = ZipFile(BytesIO(content))
        self.piece = TEXT
        self.pieces = 0
        self._cost = self._characters = 0
        files = self._zip.infolist()
        if len(files) > _FILES_AT_MOST:
            raise SpreadsheetRefused(f"The workbook consists of more than {_FILES_AT_MOST} files: {_NEW_WORKBOOK}")
        # The zip library never gives more of a file than the directory promises, so a lie here makes it damaged.
        if sum(file.file_size for file in files) > _UNPACKED_AT_MOST:
            megabytes = _UNPACKED_AT_MOST // 1_000_000
            raise SpreadsheetRefused(f"Unpacked, the workbook is larger than {megabytes} MB: {_NEW_WORKBOOK}")
        for file in files:
            _check_file(file)
        _check_kind([file.filename.lower() for file in files])

    def open(self, path: str) -> IO[bytes]:
        self._look_through(path, self.piece)
        return self._zip.open(path)

    def read(self, path: str) -> bytes:
        self._look_through(path, "")
        return self._zip.read(path)

    def _look_through(self, path: str, piece: str) -> None:
        part = _Part(piece)
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        # Without a document type there are no entities, and none can grow into a bomb.
        parser.StartDoctypeDeclHandler = _refuse_doctype
        parser.StartNamespaceDeclHandler = lambda prefix, _: part.prefixes.add(prefix)
        parser.StartElementHandler = part.start
        parser.EndElementHandler = part.end
        parser.CharacterDataHandler = part.text
        fed = 0
        with self._zip.open(path) as file:
            while chunk := file.read(_CHUNK):
                fed += len(chunk)
                parser.Parse(chunk)
                # The parser holds a whole tag in memory, and keeps every name that it has met.
                names = len(parser.intern) + len(part.prefixes)
                if fed - parser.CurrentByteIndex > _TAG_AT_MOST or names > _NAMES_AT_MOST:
                    refuse_structure()
                if self._cost + part.cost > _COST_AT_MOST or self._characters + part.characters > _CHARACTERS_AT_MOST:
                    _refuse_amount()
            parser.Parse(b"", True)  # noqa: FBT003  # the parser takes no keyword
        self._cost += part.cost
        self._characters += part.characters
        self.pieces = part.pieces_with_text
        # openpyxl keeps something of every row that it reads, also of those that hold nothing.
        if piece == ROW and self.pieces > _ROWS_AT_MOST:
            _refuse_amount()


class _Part:
    """What is counted in one part."""

    def __init__(self, piece: str) -> None:
        self.cost = self.characters = self.pieces_with_text = 0
        self.prefixes: set[str] = set()
        self._piece = piece
        self._pieces = self._depth = self._piece_depth = self._kept = self._kept_before = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.cost += _COSTS.get(name, _COST_OF_OTHERS)
        self._depth += 1
        self._kept += 1
        if name == self._piece and not self._piece_depth:
            self._pieces += 1
            self._piece_depth = self._depth
            self._kept_before = self._kept
        # In a format openpyxl searches anew from each of its brackets.
        long = len(attributes.get("formatCode", "")) > _FORMAT_AT_MOST
        if long or self._kept - self._pieces > _KEPT_AT_MOST:
            refuse_structure()

    def end(self, _: str) -> None:
        if self._depth == self._piece_depth:
            self._piece_depth = 0
            self._kept = self._kept_before
        self._depth -= 1

    def text(self, text: str) -> None:
        self.characters += len(text)
        if self._piece_depth and not text.isspace():
            self.pieces_with_text = self._pieces


def refuse_other_kind() -> None:
    """Refuses an archive that holds no workbook."""
    raise SpreadsheetRefused(
        "This is a zip archive or another kind of document, not a workbook. Save the list as .xlsx or CSV."
    )


def refuse_structure() -> None:
    """Refuses XML of a shape that no spreadsheet program writes, or of a size that no list of people has."""
    raise SpreadsheetRefused(f"The workbook is built in a way that cannot be read safely: {_NEW_WORKBOOK}")


def _refuse_amount() -> None:
    raise SpreadsheetRefused(
        "The workbook holds more cells or text than a list of people: split it, or send the list by itself."
    )


def _refuse_doctype(*_: object) -> None:
    raise SpreadsheetRefused(f"The workbook defines XML entities, which no list of people needs: {_NEW_WORKBOOK}")


def _check_file(file: ZipInfo) -> None:
    if file.flag_bits & 1:
        raise SpreadsheetRefused("The file is protected by a password. Save it without one.")
    # Other methods are not part of the format, and the zip library unpacks them without a bound.
    if file.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
        refuse_structure()


def _check_kind(names: list[str]) -> None:
    if any(name.endswith("vbaproject.bin") or "/macrosheets/" in name for name in names):
        raise SpreadsheetRefused("This workbook holds macros. Save it as .xlsx, which has none.")
    if "xl/workbook.bin" in names:
        raise SpreadsheetRefused("This is a binary workbook (.xlsb). Save it as .xlsx.")
    if "mimetype" in names and "content.xml" in names:
        raise SpreadsheetRefused("This is an OpenDocument file (.ods). Save it as .xlsx.")
    if "[content_types].xml" not in names:
        refuse_other_kind()
