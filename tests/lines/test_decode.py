"""From bytes to text: which encoding a document is read with, and what is no text at all."""

from __future__ import annotations

import codecs
import gzip
import random
import subprocess
import sys
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dechaff.lines.decode import binary_kind, decode
from tests.timing import assert_within

_ENGLISH = "“Well,” she said – it’s café time at the old mill by the river."
_GERMAN = "Der Bürgermeister eröffnete die Brücke für Fußgänger."
_RUSSIAN = "Мост через реку закрыт с прошлой осени, в двух опорах нашли трещины."
_POLISH = "Most jest zamknięty od jesieni, gdyż w dwóch filarach znaleziono pęknięcia."
_JAPANESE = "橋は昨年の秋から閉鎖されています。二本の橋脚に亀裂が見つかりました。"
_CHINESE = "这座桥从去年秋天开始关闭，因为在两个桥墩上发现了裂缝。"
_TAIWANESE = "這座橋從去年秋天開始關閉，因為在兩個橋墩上發現了裂縫。"
_KOREAN = "다리는 지난 가을부터 폐쇄되었습니다. 두 교각에서 균열이 발견되었습니다."
_GREEK = "Η γέφυρα είναι κλειστή από το φθινόπωρο."

_DECLARATIONS = {
    "meta charset": "<html><head><meta charset={}></head><p>{}</p>",
    "meta charset in quotes": "<META CHARSET='{}' /><p>{}</p>",
    "http-equiv": '<meta http-equiv="Content-Type" content="text/html; charset={}"><p>{}</p>',
    "http-equiv the other way round": "<meta content='text/html;charset = {}' http-equiv=content-type><p>{}</p>",
    "XML": '<?xml version="1.0" encoding="{}"?><p>{}</p>',
    "after a long script": f"<head><script>{'var a = 1; ' * 300}</script><meta charset={{}}></head><p>{{}}</p>",
    "after other elements": "<head><title>x</title><script>var a = 1;</script><meta charset={}></head><p>{}</p>",
}


@pytest.mark.parametrize(
    ("bom", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_a_byte_order_mark_decides(bom: bytes, encoding: str) -> None:
    text = f"<meta charset=koi8-r><p>{_RUSSIAN}"
    decoded = decode(bom + text.encode(encoding))
    assert (decoded.text, decoded.encoding, decoded.warnings) == (text, encoding, ())


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize(
    "text", [f"<!doctype html><title>News</title><p>{_GERMAN}", _ENGLISH, f"<meta charset=utf-16>{_ENGLISH}"]
)
def test_utf_16_is_known_without_a_mark(encoding: str, text: str) -> None:
    decoded = decode(text.encode(encoding))
    assert (decoded.text, decoded.encoding) == (text, encoding)


@pytest.mark.parametrize("template", _DECLARATIONS.values(), ids=_DECLARATIONS)
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("windows-1252", _ENGLISH),
        ("ISO-8859-2", _POLISH),
        ("koi8-r", _RUSSIAN),
        ("windows-1251", _RUSSIAN),
        ("Shift_JIS", _JAPANESE),
        ("EUC-JP", _JAPANESE),
        ("gb2312", _CHINESE),
        ("GBK", _CHINESE),
        ("big5", _TAIWANESE),
        ("euc-kr", _KOREAN),
        ("iso-8859-7", _GREEK),
        ("iso-2022-jp", _JAPANESE),
        ("utf-8", _ENGLISH),
    ],
)
def test_a_declared_encoding_is_used(template: str, name: str, text: str) -> None:
    page = template.format(name, text)
    decoded = decode(page.encode(name))
    assert (decoded.text, decoded.warnings) == (page, ())


@pytest.mark.parametrize(
    ("name", "written_with", "text"),
    [
        ("iso-8859-1", "cp1252", _ENGLISH),
        ("latin1", "cp1252", _ENGLISH),
        ("us-ascii", "cp1252", _ENGLISH),
        ("gb2312", "gb18030", "朱镕基和镕㐀"),
        ("shift_jis", "cp932", "①～髙"),
        ("x-sjis", "cp932", _JAPANESE),
        ("windows-31j", "cp932", _JAPANESE),
        ("euc-kr", "cp949", "똠방각하"),
        ("ks_c_5601-1987", "cp949", _KOREAN),
        ("x-gbk", "gb18030", _CHINESE),
        ("iso-8859-9", "cp1254", "“Köprü” geçen güzden beri kapalı"),
        ("macintosh", "mac-roman", _GERMAN),
        ("windows-874", "cp874", "สะพาน"),
    ],
)
def test_names_mean_what_pages_mean_by_them(name: str, written_with: str, text: str) -> None:
    page = f"<meta charset={name}><p>{text}</p>"
    assert decode(page.encode(written_with)).text == page


@pytest.mark.parametrize(
    "name", ["iso-8859-1", "windows-1251", "shift_jis", "gb2312", "utf-16", "no-such-encoding", "x" * 39]
)
def test_valid_utf_8_is_utf_8_whatever_it_declares(name: str) -> None:
    page = f"<meta charset={name}><p>{_GERMAN} {_JAPANESE}</p>"
    decoded = decode(page.encode())
    assert (decoded.text, decoded.encoding, decoded.warnings) == (page, "utf-8", ())


@pytest.mark.parametrize(
    "name", ["idna", "punycode", "unicode_escape", "raw_unicode_escape", "rot13", "hex", "undefined", "utf-7"]
)
def test_encodings_that_no_page_has_are_passed_over(name: str) -> None:
    page = f"<meta charset={name}><p>a\\x41 caf\xe9 +ADw-b+AD4- \\N{{x}}".encode("latin-1") * 3
    assert "<p>a\\x41 caf" in decode(page).text


def test_a_page_that_wrongly_declares_utf_8_keeps_its_letters() -> None:
    page = f"<meta charset=utf-8><p>{_ENGLISH}</p>" + f"<p>{'Plain words without accents follow. ' * 40}</p>"
    assert "café" in decode(page.encode("cp1252")).text


@pytest.mark.parametrize("declared", ["", "<meta charset=utf-8>", "<meta charset=iso-8859-1>"])
def test_broken_bytes_in_utf_8_leave_it_utf_8_and_are_warned_of(declared: str) -> None:
    page = f"{declared}<p>{_GERMAN * 10}</p><p>{_JAPANESE * 5}</p>".encode()
    decoded = decode(page[:-40] + b"\xff\xfe" + page[-40:])
    assert _JAPANESE in decoded.text
    assert _GERMAN in decoded.text
    if declared.endswith("utf-8>") or not declared:
        assert decoded.encoding == "utf-8"
        assert decoded.warnings == ("characters that are not utf-8 were replaced: 2",)


def test_a_page_that_says_it_is_utf_8_and_has_few_accents_stays_utf_8() -> None:
    page = f"<meta charset=utf-8><p>It’s the café.</p><p>{'Plain words. ' * 40}</p>"
    decoded = decode(page.encode() + b"\x92 \xe9 ")
    assert (decoded.text, decoded.encoding) == (page + "\ufffd \ufffd ", "utf-8")
    assert decoded.warnings == ("characters that are not utf-8 were replaced: 2",)


def test_a_page_cut_in_the_middle_of_a_character_is_utf_8() -> None:
    for page in (f"<p>{_GERMAN}ü", f"<meta charset=utf-8><p>{'word ' * 30}ü"):
        decoded = decode(page.encode()[:-1])
        assert decoded.text == page[:-1] + "\ufffd"
        assert len(decoded.warnings) == 1


def test_broken_bytes_in_a_declared_encoding_are_warned_of() -> None:
    page = f"<meta charset=shift_jis><p>{_JAPANESE * 5}</p>".encode("cp932")
    decoded = decode(page + b"\x81")
    assert _JAPANESE in decoded.text
    assert decoded.warnings == ("characters that are not cp932 were replaced: 1",)


def test_smart_quotes_of_windows_without_a_declaration() -> None:
    assert "café" in decode(_ENGLISH.encode("cp1252") * 3).text


def test_an_undeclared_encoding_costs_no_ascii_text() -> None:
    page = b"<p>The bridge is closed.</p><p>" + _RUSSIAN.encode("koi8-r") * 2000
    assert decode(page).text.startswith("<p>The bridge is closed.</p><p>")


def test_a_declaration_far_down_is_not_looked_for() -> None:
    page = "<p>" + "word " * 2000 + f"<meta charset=koi8-r>{_GERMAN}"
    assert decode(page.encode()).text == page


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"])
def test_nothing_is_empty_text(data: bytes) -> None:
    assert decode(data).text == ""
    assert decode(data).warnings == ()
    assert binary_kind(data) is None


@given(
    st.one_of(
        st.binary(max_size=300),
        st.tuples(
            st.sampled_from(
                ["utf-8", "utf-16", "gb2312", "shift_jis", "iso-2022-jp", "big5", "idna", "x", "koi8-r", "..."]
            ),
            st.binary(max_size=100),
        ).map(lambda pair: f"<meta charset={pair[0]}>".encode() + pair[1]),
        st.tuples(
            st.sampled_from([b"\xff\xfe", b"\xfe\xff", b"\xff\xfe\0\0", b"\0\0\xfe\xff", b"a\0b\0"]),
            st.binary(max_size=50),
        ).map(b"".join),
    )
)
def test_no_bytes_raise(data: bytes) -> None:
    decoded = decode(data)
    decoded.text.encode()  # no lone surrogates
    assert isinstance(binary_kind(data), (str, type(None)))


@given(st.text())
def test_utf_8_comes_back(text: str) -> None:
    data = text.encode()
    if not data.startswith((b"\xef\xbb\xbf", b"\xff", b"\xfe")) and 0 not in data and 0x1B not in data:
        assert decode(data) == type(decode(b""))(text, "utf-8")


@pytest.mark.parametrize(
    "piece", [b"<meta ", b"<?xml ", b"<meta charset", b"<meta x=", b"\xe4", b"\xe4a", b"\x1b$B", b"\xc3"]
)
def test_time_is_linear(piece: bytes) -> None:
    data = b"<p>" + piece * (1_000_000 // len(piece))
    assert_within(3, lambda: decode(data))


def _detector_imported_by(data: bytes) -> bool:
    code = (
        "import sys; from dechaff.lines.decode import decode; "
        f"decode({data!r}); print('charset_normalizer' in sys.modules)"
    )
    return (
        subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.strip()
        == "True"
    )


def test_the_detector_is_imported_only_for_the_pages_that_need_it() -> None:
    assert not _detector_imported_by(f"<p>{_GERMAN}".encode() + f"<meta charset=koi8-r>{_RUSSIAN}".encode())
    assert not _detector_imported_by(f"<meta charset=koi8-r><p>{_RUSSIAN}".encode("koi8-r"))
    assert _detector_imported_by(f"<p>{_RUSSIAN}".encode("koi8-r"))


@pytest.mark.parametrize(
    ("encoding", "name", "text"),
    [
        ("cp1251", "windows-1251", "Привет мир, …"),
        ("cp1251", "windows-1251", _RUSSIAN),
        ("koi8-r", "koi8-u", _RUSSIAN),
        ("cp1252", "windows-1252", _ENGLISH),
        ("cp1252", "windows-1252", "El puente está cerrado desde el otoño; mañana se reúne el concejo."),
        ("cp1253", "windows-1253", _GREEK),
        ("cp932", "shift_jis", _JAPANESE),
        ("gb18030", "gb18030", _CHINESE),
        ("cp949", "euc-kr", _KOREAN + " 다리를 고치는 데 두 해가 걸린다고 시는 밝혔습니다."),
    ],
)
@pytest.mark.parametrize("template", ["{}", "<p>{}</p>", "<meta charset=utf-8><p>{}</p>", "<meta charset=no-such>{}"])
def test_without_a_declaration_that_fits_the_encoding_is_guessed_and_warned_of(
    template: str, encoding: str, name: str, text: str
) -> None:
    decoded = decode(template.format(text).encode(encoding))
    assert decoded.text == template.format(text)
    assert decoded.warnings == (f"no valid encoding is declared; read as {name}",)


def test_a_guess_looks_past_what_is_ascii() -> None:
    page = "<script>" + "var a = 1; " * 20_000 + f"</script><p>{_RUSSIAN}</p>"
    assert decode(page.encode("cp1251")).text == page


def test_a_guess_about_a_large_page_is_quick() -> None:
    page = f"<p>{_RUSSIAN}</p>\n" * 20_000
    assert_within(1, lambda: decode(page.encode("cp1251")))


def _png() -> bytes:
    body = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\2\0\0\0" + body


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (_png(), "PNG image"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF\0\1", "JPEG image"),
        (b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0", "GIF image"),
        (b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj", "PDF document"),
        (gzip.compress(b"<p>Hello</p>"), "gzip archive"),
        (b"PK\x03\x04\x14\0\0\0\x08\0", "ZIP archive"),
        (b"BZh91AY&SY\x01", "bzip2 archive"),
        (b"RIFF\x24\0\0\0WEBPVP8 ", "RIFF file"),
        (b"ID3\x03\0\0\0", "MP3 file"),
        (b"\x7fELF\x02\x01\x01", "ELF program"),
    ],
)
def test_files_are_known_by_their_begin(data: bytes, kind: str) -> None:
    assert binary_kind(data) == kind


@pytest.mark.parametrize("size", [500, 5_000, 100_000])
@pytest.mark.parametrize("seed", range(20))
def test_random_bytes_are_binary(size: int, seed: int) -> None:
    assert binary_kind(random.Random(seed).randbytes(size)) == "binary file"


def test_zeros_and_numbers_are_binary() -> None:
    assert binary_kind(bytes(1000)) == "binary file"
    assert binary_kind(b"SQLite format 3" + bytes(3000)) == "binary file"
    assert binary_kind(b"".join(n.to_bytes(4, "little") for n in range(1000))) == "binary file"


@pytest.mark.parametrize(
    "data",
    [
        _ENGLISH.encode("utf-16"),
        _ENGLISH.encode("utf-16-le"),
        _ENGLISH.encode("utf-16-be"),
        _RUSSIAN.encode("utf-32"),
        (_ENGLISH + "\0\0" + _GERMAN).encode(),
        b"name\0value\0" * 3,
        (_RUSSIAN * 20).encode("koi8-r"),
        (_RUSSIAN * 20).encode("cp866"),
        (_JAPANESE * 20).encode("shift_jis"),
        (_JAPANESE * 20).encode("iso-2022-jp"),
        (_CHINESE * 20).encode("gb18030"),
        (_TAIWANESE * 20).encode("big5"),
        (_KOREAN * 20).encode("euc-kr"),
        b"NAME\n\n  N\x08NA\x08AM\x08ME\x08E of the manual page",
        b"\x1b[1mbold\x1b[0m and \x1b[31mred\x1b[0m",
        b"page one\x0cpage two\x0cpage three",
        b"GIF89a is a format of pictures with a palette.",
        b"ID3 tags hold the title of a song.",
        b"BZhang wrote the first chapter.",
        b"RIFF is how such files begin.",
        b"\xff\xd8",
    ],
    ids=range(21),
)
def test_texts_are_not_binary(data: bytes) -> None:
    assert binary_kind(data) is None
