"""What a file is, by its bytes alone: names and what a browser says of a file are not asked."""

from __future__ import annotations

import codecs
import re

# What a file of each type is called, and with which letters its name ends.
ENDINGS = {
    "application/pdf": "pdf",
    "text/html": "html",
    "text/plain": "txt",
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/webp": "webp",
}
_FIRST_BYTES = {"application/pdf": b"%PDF-", "image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}
# Each comment is taken whole or not at all: else a page of many comments would be read for hours.
_PAGE = re.compile(
    r"\s*(?><\?xml[^>]*>\s*|<!--.*?-->\s*)*+<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
# Letters in which pages are written; of the other ways to pack bytes that have a name, some take hours to unpack.
_CHARSET = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*"""
    rb"(windows-125[0-9]|koi8-[a-z]|iso-8859-[0-9]+|gbk|gb2312|gb18030|big5|shift_jis|euc-jp|euc-kr)\b",
    re.IGNORECASE,
)
# Within so many bytes a page says in which letters it is written.
_HEAD = 4_096


def media_type_of(content: bytes) -> str:
    """The type of the file; blank where it is none of those in `ENDINGS`."""
    for media_type, first in _FIRST_BYTES.items():
        if content.startswith(first):
            return media_type
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    try:
        text = decoded(content)
    except ValueError:
        return ""
    if not text.strip() or "\0" in text:
        return ""
    return "text/html" if _PAGE.match(text) else "text/plain"


def decoded(content: bytes) -> str:
    """The text in the file: in the letters that the page names, else UTF-8. Raises ValueError where it is neither."""
    named = _CHARSET.search(content[:_HEAD])
    letters = named[1].decode("ascii") if named and not content.startswith(codecs.BOM_UTF8) else "utf-8-sig"
    try:
        return content.decode(letters)
    except LookupError as error:
        # iso-8859-17
        raise ValueError(letters) from error
