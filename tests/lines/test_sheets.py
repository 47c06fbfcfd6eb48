"""Which rules of a page's style sheets hide text, and which are taken back."""

from __future__ import annotations

import pytest

from dechaff.lines.html import lines_of_html
from dechaff.lines.sheets import MAX_CHARS, rules_of
from tests.timing import assert_within

_PAGE = "<p>" + "A page with text of its own, long enough to be read. " * 6 + "</p>"
_MARK = "The mark."


def hides(sheet: str, markup: str, attributes: str = "") -> bool:
    """Whether a reader of a page with this style sheet does not see `_MARK`, which stands for `{}` in the markup."""
    lines = lines_of_html(f"<style {attributes}>{sheet}</style>{_PAGE}{markup.format(_MARK)}{_PAGE}")
    seen, hidden = _MARK in lines.texts, _MARK in [line.text for line in lines.hidden]
    assert seen != hidden
    return hidden


@pytest.mark.parametrize(
    "sheet",
    [
        ".z{DISPLAY : NONE}",
        ".z{display:\tnone}",
        ".z{display :none}",
        ".z{display:\n\n          none}",
        ".z{visibility          :          hidden}",
        ".z{font-size:.9px}",
        ".y,.z{display:none}",
        "p.z{color:red;display:none!important}",
        "article .z{display:none}",
        "article > .z{display:none}",
        "body #a article.b > .z{display:none}",
        "@media screen{.z{display:none}}",
        "@media only screen { @layer x { .z { display: none } } }",
        "@media print{.y{display:none}} .z{display:none}",
        "<!-- .z{display:none} -->",
        ".x:before{content:'}'} .z{display:none}",
        "@import url(x.css); .z{display:none}",
        ".z{height:0;overflow:hidden}",
        ".z{position:absolute;left:-5000px}",
        ".z{font-size:1px}",
        ".z{color:rgba(0,0,0,0)}",
        ".z{color:#fff;background:#FFF}",
        ".z{transform:scale(0)}",
        ".z{opacity:.0}",
        r".z\:b{display:none}",
        ".z{font-size:0}.nav li p{font-size:1em}",
        ".z{visibility:hidden}.nav p{visibility:visible}",
    ],
)
def test_hidden(sheet: str) -> None:
    assert hides(sheet, "<div id=a><article class=b><p class='z z:b'>{}</p></article></div>")


@pytest.mark.parametrize(
    "sheet",
    [
        ".np{color:red}@media print{.np{display:none}}",
        ".np-x{color:red}@media print{.np{display:none}}",
        ".np{color:red}@media(max-width:600px){.np{display:none}}",
        "@supports not (display:grid){.np{display:none}}",
        "@keyframes np{from{opacity:0}}.np{color:red}",
        "/* .np{display:none} */",
        ".q:before{content:'.np{display:none}'}",
        ".np{display:none;display:flex}",
        "nav .np{display:none}",
        "nav > .np{display:none}",
        "body > .np{display:none}",
        "b + .np{display:none}",
        ".no-js .np{display:none}",
        ".np:hover{display:none}",
        ".np{opacity:0;transition:opacity 1s}",
    ],
)
def test_seen(sheet: str) -> None:
    assert not hides(sheet, "<div class=no-js><p class=np>{}</p></div>")


@pytest.mark.parametrize(
    ("sheet", "markup"),
    [
        (
            ".d-none{display:none!important}@media(min-width:768px){.d-md-block{display:block!important}}",
            "<p class='d-none d-md-block'>{}</p>",
        ),
        (
            r".hidden{display:none}@media (min-width:768px){.md\:block{display:block}}",
            "<p class='hidden md:block'>{}</p>",
        ),
        (".slide{display:none}.current{display:block}", "<p class='slide current'>{}</p>"),
        (".z{display:none}#k{display:block}", "<p class=z id=k>{}</p>"),
        (".z{display:none}p.z{display:block}", "<p class=z>{}</p>"),
        (".z{display:none}", "<p class=z style='display:block'>{}</p>"),
        (".z{opacity:0}", "<p class=z style='opacity:1'>{}</p>"),
        (".z{opacity:0}.t{transition:opacity 1s}", "<p class='z t'>{}</p>"),
        (".z{visibility:hidden}#main{visibility:visible}", "<p class=z id=main>{}</p>"),
        (".z{visibility:hidden}.k{visibility:visible}", "<div class=z><p class=k>{}</p></div>"),
        (".z{visibility:hidden}.z p{visibility:visible}", "<div class=z><p>{}</p></div>"),
        (".z{visibility:hidden}", "<div class=z><p style='visibility:visible'>{}</p></div>"),
        (".z{display:none}.z{display:block}", "<p class=z>{}</p>"),
        ("p.z{display:block}.z{display:none}", "<p class=z>{}</p>"),
        (".z{display:none;color:red!important}.z{display:block}", "<p class=z>{}</p>"),
        (".z{display:none!important}.z{display:block!important}", "<p class=z>{}</p>"),
        (".z{display:none!important}", "<p class=z style='display:block!important'>{}</p>"),
        (".z{display:none}@media print,screen{.z{display:block}}", "<p class=z>{}</p>"),
        (".z{font-size:0}p{font-size:16px}", "<div class=z><p>{}</p></div>"),
        (".z{font-size:0}*{font-size:16px}", "<div class=z><p>{}</p></div>"),
        (".z{visibility:hidden}article p{visibility:visible}", "<div class=z><article><p>{}</p></article></div>"),
        (".z{margin:0 -9999px}p{color:red}.z{padding:0 9999px}", "<p class=z>{}</p>"),
    ],
)
def test_what_another_rule_or_the_style_shows_again_is_seen(sheet: str, markup: str) -> None:
    assert not hides(sheet, markup)


@pytest.mark.parametrize(
    ("sheet", "markup"),
    [
        (".flex{display:flex}.hidden{display:none}", "<p class='flex hidden'>{}</p>"),  # the later one counts
        (".d-none{display:none!important}.card{display:flex}", "<p class='d-none card'>{}</p>"),
        (".d-none{display:none!important}", "<p class=d-none style='display:block'>{}</p>"),
        (".z{visibility:hidden}.k{color:red}", "<div class=z><p class=k>{}</p></div>"),
        (".z{display:block}.z{display:none}", "<p class=z>{}</p>"),
        (".z{display:none!important}.z{display:block}", "<p class=z>{}</p>"),
        (".z{display:none!important}.z.open{display:block}", "<p class=z>{}</p>"),
        (".z{display:none}@media print{.z{display:block}}", "<p class=z>{}</p>"),
        (".z{display:none}@media print{@supports (gap:0){.z{display:block}}}", "<p class=z>{}</p>"),
        (".z{opacity:0}.z{transition:none}", "<p class=z>{}</p>"),
        (".z{font-size:0}p{font-size:16px}", "<p class=z>{}</p>"),
        (".z{font-size:0}p{color:red}", "<div class=z><p>{}</p></div>"),
    ],
)
def test_what_counts_less_shows_nothing(sheet: str, markup: str) -> None:
    assert hides(sheet, markup)


@pytest.mark.parametrize("attributes", ["media=print", "media='(max-width: 600px)'", "type=text/less"])
def test_a_sheet_that_is_not_applied_hides_nothing(attributes: str) -> None:
    assert not hides(".z{display:none}", "<p class=z>{}</p>", attributes)


@pytest.mark.parametrize("attributes", ["", "media=all", "media=Screen", "type='text/css'", "media type"])
def test_a_sheet_that_is_applied(attributes: str) -> None:
    assert hides(".z{display:none}", "<p class=z>{}</p>", attributes)


def test_a_sheet_for_readers_without_scripts_hides_nothing() -> None:
    page = f"<noscript><style>.lz{{display:none}}</style></noscript>{_PAGE}<p class=lz>{_MARK}</p>"
    assert _MARK in lines_of_html(page).texts


@pytest.mark.parametrize(
    "piece",
    [
        "{",
        "}",
        ".a{",
        ".a{display:none}",
        '"\\"',
        "'",
        "/*",
        ".a .a .a{display:none}",
        "@media print{",
        ":0",
        ",",
        "\\",
    ],
)
def test_long_sheets_take_no_time(piece: str) -> None:
    sheet = ".a{display:none}" + piece * ((MAX_CHARS - 20) // len(piece))
    assert_within(1, lambda: rules_of([sheet], lambda: {("", "a")}))


def test_many_rules_for_what_stands_deep_take_no_time() -> None:
    sheet = "".join(f".x{i} .y .a{{display:none}}" for i in range(1000))
    page = f"<style>{sheet}</style>" + "<div class=y>" * 100 + "<p class=a>text</p>" * 5_000
    assert_within(3, lambda: lines_of_html(page))
