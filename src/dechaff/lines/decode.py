"""Bytes → text: byte order marks, declared encodings, and bs4's detector where nothing is declared."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

#: Bytes at the begin of a page in which an encoding is declared. The HTML Standard asks for 1,024; pages with
#: scripts before their `<meta>` exceed that.
_PRESCAN_BYTES = 4096

#: Bytes that the detector reads: more makes it slower, not surer.
_DETECT_BYTES = 65_536

#: A UTF-8 page may have so many broken bytes per thousand and still be one: a cut or a stray byte of another encoding.
_MAX_BROKEN_SHARE = 0.01

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

#: What pages mean by a name, where it is not what Python means by it (WHATWG Encoding Standard, section 4.2).
_MEANT = {
    "iso8859-1": "cp1252", "ascii": "cp1252", "latin-1": "cp1252", "gb2312": "gb18030", "gbk": "gb18030",
    "shift_jis": "cp932", "euc_kr": "cp949", "iso8859-9": "cp1254", "iso8859-11": "cp874", "tis-620": "cp874",
    "utf-16": "utf-8", "utf-16-le": "utf-8", "utf-16-be": "utf-8",  # who could read the name was not reading UTF-16
}  # fmt: skip

#: Names that Python does not know.
_ALIASES = {"x-sjis": "cp932", "x-gbk": "gb18030", "ks_c_5601-1987": "cp949", "x-euc-jp": "euc_jp",
            "x-user-defined": "cp1252", "windows-949": "cp949", "unicode": "utf-8"}  # fmt: skip

# Bounded repetitions that end before a character they cannot match: linear.
_DECLARED = re.compile(
    rb"<\?xml[^>]{0,200}?encoding\s{0,8}=\s{0,8}[\"']([\w.:-]{1,40})"
    rb"|<meta[^>]{0,400}?charset\s{0,8}=\s{0,8}[\"']?\s{0,8}([\w.:-]{1,40})",
    re.IGNORECASE,
)

#: How files begin that are no text, and what they are.
_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "PNG image"),
    (b"\xff\xd8\xff", "JPEG image"),
    (b"GIF87a", "GIF image"),
    (b"GIF89a", "GIF image"),
    (b"%PDF-", "PDF document"),
    (b"\x1f\x8b", "gzip archive"),
    (b"PK\x03\x04", "ZIP archive"),
    (b"BZh", "bzip2 archive"),
    (b"\xfd7zXZ\x00", "xz archive"),
    (b"\x28\xb5\x2f\xfd", "zstd archive"),
    (b"\x7fELF", "ELF program"),
    (b"\x00\x00\x01\x00", "icon"),
    (b"OggS", "Ogg file"),
    (b"ID3", "MP3 file"),
)

#: Bytes by which binary data is known, and the share of control bytes above which they are taken for it.
_BINARY_BYTES = 4096
_MAX_CONTROL_SHARE = 0.1
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\r\f\x1b")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A decoded document: its text, the encoding it was read with, and what went wrong."""

    text: str
    encoding: str
    warnings: tuple[str, ...] = ()


def decode(data: bytes) -> Decoded:
    """The text of a document. Raises nothing: what cannot be decoded becomes U+FFFD, with a warning.

    A byte order mark counts first, then UTF-16 told by its zero bytes, then a declared encoding that fits, then
    UTF-8, then bs4's detector.

    >>> decode(b"<meta charset=windows-1252><p>\\x93Hi\\x94").text[-4:], decode("ä".encode()).encoding
    ('“Hi”', 'utf-8')
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _read(data[len(bom) :], encoding)
    wide = _utf16_without_bom(data)
    if wide:
        return _read(data, wide)
    declared = _declared(data)
    for encoding in dict.fromkeys((declared, "utf-8")):
        if encoding:
            try:
                return Decoded(data.decode(encoding), encoding)
            except (UnicodeDecodeError, LookupError):
                pass
    text = data.decode("utf-8", "replace")
    multibyte = sum(map(len, re.findall(r"[\u0080-\ufffc]{1,1000}", text[:_DETECT_BYTES])))
    broken = text.count("\ufffd")
    if broken <= _MAX_BROKEN_SHARE * len(text) and (declared == "utf-8" or broken < multibyte):
        return Decoded(text, "utf-8", (f"{broken} bytes are not UTF-8 and were replaced",))
    if declared and declared != "utf-8":
        return _read(data, declared)
    return _read(data, _detected(data) or "cp1252")


def binary_kind(data: bytes) -> str | None:
    """What a document is that is neither page nor text; None for one that may be.

    >>> binary_kind(b"%PDF-1.7 ..."), binary_kind(b"<p>Hi"), binary_kind(bytes(range(32)) * 9)
    ('PDF document', None, 'binary file')
    """
    for magic, name in _MAGIC:
        if data.startswith(magic):
            return name
    if data.startswith(tuple(bom for bom, _ in _BOMS)) or _utf16_without_bom(data):
        return None
    head = data[:_BINARY_BYTES]
    controls = len(head) - len(head.translate(None, _CONTROLS))
    # NUL bytes alone are common in damaged text; many other control bytes are not.
    others = controls - head.count(0)
    if others > _MAX_CONTROL_SHARE * len(head):
        return "binary file"
    return None


def _read(data: bytes, encoding: str) -> Decoded:
    try:
        return Decoded(data.decode(encoding), encoding)
    except (UnicodeDecodeError, LookupError):
        text = data.decode(encoding, "replace")
        return Decoded(text, encoding, (f"{text.count(chr(0xFFFD))} bytes are not {encoding} and were replaced",))


def _utf16_without_bom(data: bytes) -> str:
    """UTF-16 of a mostly Latin text, told by every second byte being zero."""
    head = data[:200]
    if len(head) < 4 or 0 not in head:
        return ""
    even, odd = head[::2].count(0), head[1::2].count(0)
    if odd > 0.6 * len(head[1::2]) and even < 0.1 * len(head[::2]):
        return "utf-16-le"
    if even > 0.6 * len(head[::2]) and odd < 0.1 * len(head[1::2]):
        return "utf-16-be"
    return ""


def _declared(data: bytes) -> str:
    """The encoding that the page names, as Python calls it; empty if it names none that Python knows."""
    match = _DECLARED.search(data, 0, _PRESCAN_BYTES)
    if match is None:
        return ""
    label = (match.group(1) or match.group(2)).decode("ascii", "replace").lower()
    label = _ALIASES.get(label, label)
    try:
        name = codecs.lookup(label)
    except (LookupError, ValueError):
        return ""
    if not name._is_text_encoding:  # "rot13", "hex" and the like
        return ""
    return _MEANT.get(name.name, name.name)


def _detected(data: bytes) -> str:
    """What bs4's detector takes the encoding for; imported here, for most pages say what they are."""
    import logging

    from bs4.dammit import UnicodeDammit

    logger = logging.getLogger("bs4.dammit")
    level = logger.level
    logger.setLevel(logging.ERROR)  # it warns of replaced characters; a warning of ours says so
    try:
        encoding = UnicodeDammit(data[:_DETECT_BYTES]).original_encoding
    finally:
        logger.setLevel(level)
    if not encoding:
        return ""
    name = codecs.lookup(encoding).name
    return _MEANT.get(name, name)
