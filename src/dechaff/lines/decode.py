"""Bytes → text: byte order marks, declared encodings, and a guess where none is declared that fits."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, replace

#: Bytes at the begin of a page in which an encoding is declared. The HTML Standard asks for 1,024; pages with
#: scripts before their `<meta>` exceed that.
_PRESCAN_BYTES = 4096

#: Bytes that a guess is made from: more makes it slower, not surer.
_GUESS_BYTES = 65_536

#: What is guessed, by the detector's name and as pages call it, the commonest on the web first. Rarer ones are left
#: out: they differ from these in some letters, and are found by accident more often than in earnest.
_GUESSED = {
    "cp1252": "windows-1252", "cp1251": "windows-1251", "cp932": "shift_jis", "gb18030": "gb18030",
    "cp949": "euc-kr", "euc_jp": "euc-jp", "cp1250": "windows-1250", "big5hkscs": "big5", "cp1254": "windows-1254",
    "cp1256": "windows-1256", "iso8859_2": "iso-8859-2", "cp1253": "windows-1253", "koi8_u": "koi8-u",
    "cp1257": "windows-1257", "cp874": "windows-874", "cp1255": "windows-1255", "cp866": "ibm866",
    "iso8859_5": "iso-8859-5", "iso8859_7": "iso-8859-7",
}  # fmt: skip

#: What speaks for an encoding, in the detector's units of disorder (0..1): how much the text is like one of a language
#: (0..1), and being one place further up in the list. With both, 95 of 98 pages in 19 languages and 1,188 of 1,290 of
#: their paragraphs are read right, with the detector's own choice 82 and 1,036 (the weights were chosen there).
_PER_LANGUAGE = 0.25
_PER_PLACE = 0.0025

#: Whole characters beyond ASCII for each broken one from which a page is UTF-8 with a cut or some stray bytes in it.
#: Other encodings give fewer than one for each (measured on Chinese, Japanese, Korean, Russian and Polish texts).
_MIN_WHOLE_PER_BROKEN = 2

#: The same for a page that says it is UTF-8: pages of other encodings that say so give one for each only by chance, in
#: texts of some characters (measured on the same, and on Greek, Hebrew, Arabic and Thai).
_MIN_WHOLE_IF_DECLARED = 1

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

_BOM_BEGINNINGS = tuple(bom for bom, _ in _BOMS)

#: The encodings that a page may declare, by Python's names: those of the WHATWG Encoding Standard. Python has others
#: ("idna", "punycode", "unicode_escape") that are no encodings of pages and that raise errors of their own.
_OF_PAGES = frozenset(
    """utf-8 cp866 iso8859-2 iso8859-3 iso8859-4 iso8859-5 iso8859-6 iso8859-7 iso8859-8 iso8859-10 iso8859-13
    iso8859-14 iso8859-15 iso8859-16 koi8-r koi8-u mac-roman mac-cyrillic cp874 cp1250 cp1251 cp1252 cp1253 cp1254
    cp1255 cp1256 cp1257 cp1258 gb18030 big5hkscs euc_jp iso2022_jp cp932 cp949""".split()
)

#: What pages mean by a name, where it is not what Python means by it (WHATWG Encoding Standard, section 4.2).
_MEANT = {
    "iso8859-1": "cp1252", "ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932",
    "euc_kr": "cp949", "big5": "big5hkscs", "cp950": "big5hkscs", "iso8859-9": "cp1254", "iso8859-11": "cp874",
    "tis-620": "cp874", "euc_jis_2004": "euc_jp",
    "utf-16": "utf-8", "utf-16-le": "utf-8", "utf-16-be": "utf-8",  # who could read the name was not reading UTF-16
}  # fmt: skip

#: Names that Python does not know.
_ALIASES = {"x-sjis": "cp932", "windows-31j": "cp932", "x-gbk": "gb18030", "x-euc-jp": "euc_jp",
            "ks_c_5601-1987": "cp949", "windows-949": "cp949", "x-x-big5": "big5hkscs", "x-cp1251": "cp1251",
            "x-cp1252": "cp1252", "x-mac-roman": "mac-roman", "macintosh": "mac-roman",
            "x-mac-cyrillic": "mac-cyrillic", "dos-874": "cp874", "windows-874": "cp874", "koi": "koi8-r",
            "koi8": "koi8-r", "logical": "iso8859-8", "visual": "iso8859-8", "iso-8859-8-i": "iso8859-8",
            "unicode": "utf-8"}  # fmt: skip

# Bounded repetitions that end before a character they cannot match: linear.
_DECLARED = re.compile(
    rb"<\?xml[^>]{0,200}?encoding\s{0,8}=\s{0,8}[\"']([\w.:-]{1,40})"
    rb"|<meta[^>]{0,400}?charset\s{0,8}=\s{0,8}[\"']?\s{0,8}([\w.:-]{1,40})",
    re.IGNORECASE,
)

_BETWEEN_TAGS = re.compile(rb"[^<>]+")
_NOT_ASCII = re.compile(r"[^\0-\x7f]+")

#: How files begin that are no text, and what they are. Where letters begin it, the bytes that always follow them are
#: here too, for a text may begin with the letters.
_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "PNG image"),
    (b"\xff\xd8\xff", "JPEG image"),
    (b"%PDF-", "PDF document"),
    (b"\x1f\x8b", "gzip archive"),
    (b"PK\x03\x04", "ZIP archive"),
    *((b"BZh%d1AY&SY" % level, "bzip2 archive") for level in range(1, 10)),
    (b"\xfd7zXZ\x00", "xz archive"),
    (b"7z\xbc\xaf\x27\x1c", "7-Zip archive"),
    (b"\x28\xb5\x2f\xfd", "zstd archive"),
    (b"\x7fELF", "ELF program"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Microsoft Office document"),
    (b"\x00\x00\x01\x00", "icon"),
    (b"OggS\x00", "Ogg file"),
    *((b"ID3%c" % version, "MP3 file") for version in (2, 3, 4)),
)

_MAGIC_BEGINNINGS = tuple(magic for magic, _ in _MAGIC)

#: Files that begin with letters after which anything may follow: they hold control bytes, texts do not.
_LETTERED_MAGIC = ((b"GIF87a", "GIF image"), (b"GIF89a", "GIF image"), (b"RIFF", "RIFF file"))

#: Bytes by which binary data is known. Of random bytes one in ten is a control byte that no text has; backspaces are
#: not counted, for printed manuals are full of them. NUL bytes are common in damaged text, but not at every third
#: place.
_BINARY_BYTES = 4096
_MAX_CONTROL_SHARE = 0.04
_MAX_NUL_SHARE = 0.3
_CONTROLS = bytes(code for code in range(1, 32) if code not in b"\b\t\n\v\f\r\x1b")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A decoded document: its text, the encoding it was read with, and what went wrong."""

    text: str
    encoding: str
    warnings: tuple[str, ...] = ()


def decode(data: bytes) -> Decoded:
    """The text of a document. Raises nothing: what cannot be decoded becomes U+FFFD, with a warning.

    A byte order mark counts first, then UTF-16 told by its zero bytes. A page that is valid UTF-8 is read as that
    whatever it declares: other encodings give such bytes by accident only. Then comes the declared encoding, then
    a guess, with a warning.

    >>> decode(b"<meta charset=windows-1252><p>\\x93Hi\\x94").text[-4:], decode("ä".encode()).encoding
    ('“Hi”', 'utf-8')
    >>> decode("Привет мир".encode("cp1251")).warnings
    ('no valid encoding is declared; read as windows-1251',)
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _read(data[len(bom) :], encoding)
    wide = _utf16_without_bom(data)
    if wide:
        return _read(data, wide)
    declared = _declared(data)
    if declared == "iso2022_jp" and b"\x1b" in data:  # it is written in ASCII
        return _read(data, declared)
    try:
        return Decoded(data.decode(), "utf-8")
    except UnicodeDecodeError as error:
        only_cut = error.reason == "unexpected end of data"
    if declared and declared != "utf-8":
        strictly = _read(data, declared)
        if not strictly.warnings:
            return strictly
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    whole = sum(map(len, _NOT_ASCII.findall(text))) - broken
    needed = _MIN_WHOLE_IF_DECLARED if declared == "utf-8" else _MIN_WHOLE_PER_BROKEN
    if whole >= needed * broken or (only_cut and declared == "utf-8"):
        return Decoded(text, "utf-8", (_replaced(broken, "utf-8"),))
    if declared and declared != "utf-8":
        return _read(data, declared)
    name = _guessed(data)
    guess = _read(data, _of_pages(name))
    return replace(guess, warnings=(f"no valid encoding is declared; read as {name}", *guess.warnings))


def binary_kind(data: bytes) -> str | None:
    """What a document is that is neither page nor text; None for one that may be.

    >>> binary_kind(b"%PDF-1.7 ..."), binary_kind(b"<p>Hi"), binary_kind(bytes(range(32)) * 9)
    ('PDF document', None, 'binary file')
    """
    if data.startswith(_MAGIC_BEGINNINGS):
        return next(name for magic, name in _MAGIC if data.startswith(magic))
    if data.startswith(_BOM_BEGINNINGS) or _utf16_without_bom(data):
        return None
    head = data[:_BINARY_BYTES]
    controls = len(head) - len(head.translate(None, _CONTROLS))
    nuls = head.count(0)
    for magic, name in _LETTERED_MAGIC:
        if data.startswith(magic) and controls + nuls:
            return name
    if controls > _MAX_CONTROL_SHARE * len(head) or nuls > _MAX_NUL_SHARE * len(head):
        return "binary file"
    return None


def _read(data: bytes, encoding: str) -> Decoded:
    try:
        return Decoded(data.decode(encoding), encoding)
    except UnicodeDecodeError:
        text = data.decode(encoding, "replace")
        return Decoded(text, encoding, (_replaced(text.count("\ufffd"), encoding),))


def _replaced(count: int, encoding: str) -> str:
    return f"characters that are not {encoding} were replaced: {count}"


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
    return _of_pages((match[1] or match[2]).decode("ascii", "replace").lower()) if match else ""


def _of_pages(label: str) -> str:
    """Python's name of the encoding that pages mean by a name; empty if there is none."""
    label = _ALIASES.get(label, label)
    try:
        name = codecs.lookup(label).name
    except (LookupError, ValueError):
        return ""
    name = _MEANT.get(name, name)
    return name if name in _OF_PAGES else ""


def _guessed(data: bytes) -> str:
    """What pages call the encoding that a document seems to have. Always the same for the same bytes."""
    from charset_normalizer import from_bytes  # here, for most pages say what they are

    matches = from_bytes(_sample(data), cp_isolation=[*_GUESSED], preemptive_behaviour=False)
    found = {name: match for match in matches for name in match.could_be_from_charset if name in _GUESSED}

    def doubt(name: str) -> float:
        match, place = found[name], [*_GUESSED].index(name)
        return match.chaos - _PER_LANGUAGE * match.coherence + _PER_PLACE * place

    return _GUESSED[min(found, key=doubt, default="cp1252")]


def _sample(data: bytes) -> bytes:
    """The first texts and attributes that are not ASCII: the rest says nothing of the encoding."""
    pieces = []
    left = _GUESS_BYTES
    for piece in map(re.Match.group, _BETWEEN_TAGS.finditer(data)):
        if piece.isascii():
            continue
        if len(piece) > left:  # not cut in the middle of a character: no encoding writes one with these bytes
            pieces.append(piece[: max(piece.rfind(b"\n", 0, left), piece.rfind(b" ", 0, left), 0) or left])
            break
        pieces.append(piece)
        left -= len(piece)
    return b"\n".join(pieces)
