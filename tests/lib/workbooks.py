"""XLSX files made part by part, for what no library would write."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NAME_IN_A1 = '<row r="1"><c r="A1" t="inlineStr"><is><t>Name</t></is></c></row>'


def zipped(parts: dict[str, str | bytes], method: int = ZIP_DEFLATED) -> bytes:
    content = BytesIO()
    with ZipFile(content, "w", method) as archive:
        for path, part in parts.items():
            # Not dated, so that the same parts always make the same file.
            archive.writestr(ZipInfo(path), part, method)
    return content.getvalue()


def sheet_of(rows: str, before: str = "") -> str:
    return f'<worksheet xmlns="{MAIN}">{before}<sheetData>{rows}</sheetData></worksheet>'


def workbook_of(*names: str, before: str = "") -> str:
    sheets = "".join(
        f'<sheet name="{name}" sheetId="{number}" r:id="r{number}"/>' for number, name in enumerate(names, 1)
    )
    return f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}">{before}<sheets>{sheets}</sheets></workbook>'


def relations(**targets: str) -> str:
    """`r1="worksheet worksheets/sheet1.xml"`: by its id, the kind and the path of each part referred to."""
    found = (target.split() for target in targets.values())
    rows = "".join(
        f'<Relationship Id="{id_}" Type="{LINKS}/{kind}" Target="{path}"/>'
        for id_, (kind, path) in zip(targets, found, strict=True)
    )
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{rows}</Relationships>'


def kinds(**parts: str) -> str:
    """By its path inside xl, without .xml, the kind of each part."""
    rows = "".join(
        f'<Override PartName="/xl/{path}.xml" '
        f'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.{kind}+xml"/>'
        for path, kind in parts.items()
    )
    return f'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">{rows}</Types>'


def parts_of(sheet: str = "", **others: str) -> dict[str, str | bytes]:
    """The parts of a workbook with the sheet "List"; `shared`, `styles`, `workbook` replace the usual ones."""
    return {
        "[Content_Types].xml": kinds(
            workbook="sheet.main", sharedStrings="sharedStrings", styles="styles", **{"worksheets/sheet1": "worksheet"}
        ),
        "_rels/.rels": relations(r1="officeDocument xl/workbook.xml"),
        "xl/workbook.xml": others.get("workbook", workbook_of("List")),
        "xl/_rels/workbook.xml.rels": relations(
            r1="worksheet worksheets/sheet1.xml",
            texts="sharedStrings sharedStrings.xml",
            styles="styles styles.xml",
        ),
        "xl/sharedStrings.xml": others.get("shared", f'<sst xmlns="{MAIN}"/>'),
        "xl/styles.xml": others.get("styles", f'<styleSheet xmlns="{MAIN}"/>'),
        "xl/worksheets/sheet1.xml": sheet or sheet_of(NAME_IN_A1),
    }


def book(sheet: str = "", **others: str) -> bytes:
    return zipped(parts_of(sheet, **others))


def short_id(value: object) -> str | None:
    """The name of a test is not the whole file that it reads."""
    return "file" if isinstance(value, bytes) else None
