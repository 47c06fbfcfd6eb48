"""What README promises of `clean`, `clean_many`, `score`, `clean_soup` and the options of a `Cleaner`."""

from __future__ import annotations

import itertools
import pickle
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import bs4
import pytest

import dechaff
from dechaff import cleaner as cleaner_module
from dechaff import limits
from dechaff.cleaner import BATCH, Cleaner
from dechaff.labels import FLAGGED, Label
from dechaff.result import Result
from tests.pages import AD, NAVIGATION, PARAGRAPHS, TEXT, TITLE, article

PAGE = article(ad=AD)
CAPTION = "The harbour bridge seen from the north bank"
CAPTIONED = article(body=f"<figure><img src='bridge.jpg'><figcaption>{CAPTION}</figcaption></figure>")

#: Documents of many kinds, so that batches mix them.
DOCUMENTS: list[Any] = [
    PAGE,
    TEXT,
    "",
    CAPTIONED.encode(),
    "One line of plain text.",
    b"\x89PNG\r\n\x1a\n....",
    article(),
    "<table><tr><td>one<td>two<tr><td>three<td>four</table>",
    "   \n \n",
    bs4.BeautifulSoup(PAGE, "html.parser"),
]


def everything(results: Iterator[Result]) -> list[dict[str, Any]]:
    return [result.to_dict() for result in results]


# One document


@pytest.mark.parametrize(
    "document",
    [PAGE, PAGE.encode(), bytearray(PAGE.encode()), bs4.BeautifulSoup(PAGE, "html.parser")],
    ids=["str", "bytes", "bytearray", "soup"],
)
def test_a_page_is_cleaned(document: Any) -> None:
    result = dechaff.clean(document)
    assert result.text == "\n\n".join(PARAGRAPHS)
    assert (result.title, result.kind, result.status, result.warnings) == (TITLE, "html", "ok", ())
    (flag,) = result.flags
    assert (flag.label, flag.text, flag.removed) == (Label.AD, AD, True)
    assert result.lines[flag.line].text == AD
    dropped = {line.text: line for line in result.lines if not line.kept}
    assert not any(dropped[name].in_body for name in NAVIGATION)
    assert dropped[AD].in_body
    assert result.source == "\n".join(line.text for line in result.lines)


def test_a_text_is_cleaned() -> None:
    result = dechaff.clean(TEXT)
    assert result.text == "\n\n".join(PARAGRAPHS)
    assert (result.kind, result.status, result.source) == ("text", "ok", TEXT)
    (flag,) = result.flags
    assert TEXT[flag.start : flag.end] == flag.text == AD


def test_a_tag_of_a_tree_is_a_document_of_its_own() -> None:
    soup = bs4.BeautifulSoup(PAGE, "html.parser")
    before = str(soup)
    assert soup.article is not None
    result = dechaff.clean(soup.article)
    assert set(PARAGRAPHS) <= set(result.text.split("\n\n"))
    assert AD not in result.text
    assert not {line.text for line in result.lines} & set(NAVIGATION)
    assert str(soup) == before


def test_kind_says_how_a_document_is_read() -> None:
    markup = "<p>one</p>"
    assert dechaff.clean(markup).kind == "html"
    as_text = dechaff.clean(markup, kind="text")
    assert (as_text.kind, as_text.source, as_text.lines[0].text) == ("text", markup, markup)
    as_html = dechaff.clean("one < two\n\nthree", kind="html")
    assert (as_html.kind, [line.text for line in as_html.lines]) == ("html", ["one < two three"])
    assert dechaff.clean(markup.encode(), kind="text").source == markup


def test_url_is_handed_through() -> None:
    assert dechaff.clean(PAGE, url="https://post.example/1").url == "https://post.example/1"
    assert dechaff.clean("", url="https://post.example/2").url == "https://post.example/2"
    assert dechaff.clean(PAGE).url is None


def test_clean_soup_prunes_a_copy() -> None:
    soup = bs4.BeautifulSoup(PAGE.replace("lorries since", "<a href='/lorries'>lorries</a> since"), "html.parser")
    before = str(soup)
    pruned = dechaff.clean_soup(soup)
    assert str(soup) == before
    assert [p.get_text() for p in pruned.find_all("p")] == list(PARAGRAPHS)
    assert [a["href"] for a in pruned.find_all("a")] == ["/lorries"]
    assert pruned.article is not None
    with pytest.raises(TypeError, match="str"):
        dechaff.clean_soup(PAGE)  # type: ignore[arg-type]


def test_clean_soup_of_nothing() -> None:
    assert dechaff.clean_soup(bs4.BeautifulSoup("", "html.parser")).get_text() == ""


@pytest.mark.parametrize("document", [document for document in DOCUMENTS if document], ids=lambda d: type(d).__name__)
def test_score_is_the_scores_of_clean(document: Any) -> None:
    assert dechaff.score(document) == dechaff.clean(document).scores


def test_scores_of_a_page() -> None:
    scores = dechaff.clean(PAGE).scores
    assert 0.5 < scores.content_share < 1
    assert scores.boilerplate_share > 0
    assert 0 < scores.promotional_share < 0.2
    assert scores.ad_density == pytest.approx(1 / 7)
    assert 0 < scores.link_share < 0.5
    assert dechaff.score(article()).promotional_share == 0


# Many documents


def test_many_are_cleaned_as_one_is() -> None:
    alone = [dechaff.clean(document).to_dict() for document in DOCUMENTS]
    assert everything(dechaff.clean_many(DOCUMENTS)) == alone
    assert everything(dechaff.clean_many(reversed(DOCUMENTS))) == alone[::-1]
    # The same documents in other company, over the bounds of batches.
    times = 2 * BATCH // len(DOCUMENTS) + 1
    assert everything(dechaff.clean_many(DOCUMENTS * times)) == alone * times


def test_batches_may_end_early(monkeypatch: pytest.MonkeyPatch) -> None:
    alone = everything(dechaff.clean_many(DOCUMENTS))
    for name in ("_BATCH_CHARS", "_BATCH_LINES"):
        with monkeypatch.context() as patch:
            patch.setattr(cleaner_module, name, 3)
            assert everything(dechaff.clean_many(DOCUMENTS)) == alone


def test_many_of_none() -> None:
    assert list(dechaff.clean_many([])) == []


def test_many_is_lazy() -> None:
    read = 0

    def documents() -> Iterator[str]:
        nonlocal read
        for read in itertools.count(1):
            yield f"<p>Document number {read}.</p>"

    results = dechaff.clean_many(documents())
    assert read == 0
    for number in range(1, BATCH + 3):
        assert next(results).lines[0].text == f"Document number {number}."
        assert read < number + BATCH


def test_large_documents_are_not_read_ahead() -> None:
    read = []

    def documents() -> Iterator[str]:
        for number in range(BATCH):
            read.append(number)
            yield "<p>x</p>" * limits.MAX_LINES

    next(dechaff.clean_many(documents()))
    assert read == [0]


def test_urls_go_along_with_documents() -> None:
    urls = [f"https://post.example/{number}" for number in range(BATCH + 1)]
    results = dechaff.clean_many([PAGE, ""] * BATCH, urls=iter(urls))
    assert [result.url for result in results] == urls + [None] * (BATCH - 1)
    assert [result.url for result in dechaff.clean_many(["a", "b"], urls=[None, "u"])] == [None, "u"]


def test_kind_counts_for_all() -> None:
    assert [result.kind for result in dechaff.clean_many(["<p>a", "b"], kind="text")] == ["text", "text"]
    assert [result.kind for result in dechaff.clean_many(["<p>a", "b"], kind="html")] == ["html", "html"]


def test_a_wrong_document_among_many() -> None:
    results = dechaff.clean_many(["one", 2])  # type: ignore[list-item]
    with pytest.raises(TypeError, match="int"):
        list(results)


@pytest.mark.parametrize(
    "document", [PAGE, PAGE.encode(), bytearray(b"x"), memoryview(b"x"), bs4.BeautifulSoup(PAGE, "html.parser")]
)
def test_one_document_is_not_many(document: Any) -> None:
    with pytest.raises(TypeError, match="not one"):
        next(dechaff.clean_many(document))


def test_one_url_is_not_many() -> None:
    with pytest.raises(TypeError, match="not one str"):
        next(dechaff.clean_many([PAGE], urls="https://post.example/"))


@pytest.mark.parametrize("bad", [3, BATCH + 3])
def test_results_of_the_documents_before_a_wrong_one_come_first(bad: int) -> None:
    documents: list[Any] = [f"Document {number}" for number in range(2 * BATCH)]
    documents[bad] = None  # as of a page that could not be fetched
    results = dechaff.clean_many(documents)
    assert [result.source for result in itertools.islice(results, bad)] == documents[:bad]
    with pytest.raises(TypeError, match=f"document {bad}: .* not NoneType"):
        next(results)


def test_what_the_documents_raise_comes_after_the_results_of_those_before() -> None:
    def documents() -> Iterator[str]:
        yield "one"
        yield "two"
        raise OSError("the network is gone")

    results = dechaff.clean_many(documents())
    assert [result.source for result in itertools.islice(results, 2)] == ["one", "two"]
    with pytest.raises(OSError, match="the network is gone"):
        next(results)


# Options


def test_keep_makes_the_text() -> None:
    result = Cleaner(keep={"content", "caption"}).clean(CAPTIONED)
    assert CAPTION in result.text.split("\n\n")
    assert set(PARAGRAPHS) < set(result.text.split("\n\n"))
    assert Cleaner(keep=[Label.CONTENT, Label.CAPTION]).clean(CAPTIONED) == result


def test_every_label_kept_is_every_line() -> None:
    result = Cleaner(keep=set(Label) - {Label.HIDDEN}).clean(PAGE)
    assert all(line.kept for line in result.lines)
    assert result.flags == ()
    assert AD in result.text


def test_a_kept_label_is_not_flagged() -> None:
    result = Cleaner(keep={"content", "ad"}).clean(PAGE)
    assert AD in result.text
    assert not [flag for flag in result.flags if flag.label is Label.AD]


def test_promotion_that_is_never_removed_is_flagged() -> None:
    never = dict.fromkeys(("ad", "self_promotion", "teaser", "off_topic"), (0.1, None))
    result = Cleaner(thresholds=never).clean(PAGE)
    assert AD in result.text
    (flag,) = result.flags
    assert (flag.text, flag.removed) == (AD, False)


def test_thresholds_change_one_by_one() -> None:
    base, cleaner = Cleaner(), Cleaner(thresholds={"ad": (0.25, None), Label.TEASER: [1, 1]})
    for form in ("html", "bare", "text"):
        changed = {
            label: tuple(threshold)
            for label, threshold in cleaner.thresholds[form].items()
            if threshold != base.thresholds[form][label]
        }
        assert changed == {Label.AD: (0.25, None), Label.TEASER: (1.0, 1.0)}


@pytest.mark.parametrize("number", [0, 1])
def test_thresholds_at_the_ends_of_the_scale(number: int) -> None:
    every = dict.fromkeys(set(Label) - {Label.CONTENT, Label.HIDDEN}, (number, number))
    for document in (PAGE, TEXT):
        result = Cleaner(thresholds=every).clean(document)
        (score,) = [sum(line.probabilities[label] for label in FLAGGED) for line in result.lines if line.text == AD]
        assert (AD in result.text) == (number == 1 and score < 1)
        assert result.status == "ok"


def test_strictness() -> None:
    chars = [len(Cleaner(strictness=s).clean(PAGE).text) for s in ("lenient", "balanced", "strict")]  # type: ignore[arg-type]
    assert chars == sorted(chars, reverse=True)
    assert Cleaner(strictness="balanced").clean(PAGE) == dechaff.clean(PAGE)


def test_a_model_of_ones_own(tmp_path: Path) -> None:
    shutil.copytree(Path(cleaner_module.__file__).parent / "model" / "default", tmp_path / "mine")
    for folder in (tmp_path / "mine", str(tmp_path / "mine")):
        assert Cleaner(model=folder).clean(PAGE) == dechaff.clean(PAGE)
    with pytest.raises(dechaff.ModelError, match="nowhere"):
        Cleaner(model=tmp_path / "nowhere")


def test_threads_share_a_cleaner() -> None:
    cleaner = Cleaner(strictness="strict")
    documents = [article(ad=f"{AD} Only {number} left!") for number in range(8)] * 3
    alone = [cleaner.clean(document).to_dict() for document in documents]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda document: cleaner.clean(document).to_dict(), documents)) == alone


# Errors


@pytest.mark.parametrize("document", [1, None, ["<p>"], Path("page.html"), 1.5, {"html": "<p>"}, object()])
def test_another_type_is_named(document: Any) -> None:
    for call in (dechaff.clean, dechaff.score, lambda one: list(dechaff.clean_many([one]))):
        with pytest.raises(TypeError, match=type(document).__name__):
            call(document)


@pytest.mark.parametrize("url", [b"https://post.example/", 5])
@pytest.mark.parametrize("sites", [None, {"post.example": {"deny": ["x"]}}])
def test_another_type_of_url_is_named(url: Any, sites: Any) -> None:
    cleaner = Cleaner(sites=sites)
    for call in (cleaner.clean, cleaner.score, lambda one, url: list(cleaner.clean_many([one], urls=[url]))):
        with pytest.raises(TypeError, match=f"a url is a str, not {type(url).__name__}"):
            call("x", url=url)  # type: ignore[operator]


def test_unknown_kind() -> None:
    for call in (dechaff.clean, dechaff.score, lambda one, kind: list(dechaff.clean_many([one], kind=kind))):
        with pytest.raises(ValueError, match=r"'pdf'.*html"):
            call("x", kind="pdf")  # type: ignore[operator]


@pytest.mark.parametrize(
    ("options", "error", "says"),
    [
        ({"strictness": "harsh"}, ValueError, "harsh.*lenient, balanced, strict"),
        ({"keep": {"content", "adverts"}}, ValueError, "adverts.*self_promotion"),
        ({"keep": "content"}, TypeError, "content"),
        ({"keep": ()}, ValueError, "keep: no label"),
        ({"keep": {"content", "hidden"}}, ValueError, "hidden text is never kept"),
        ({"collapsed": "no"}, TypeError, "'no'"),
        ({"thresholds": {"hidden": (0.1, None)}}, ValueError, "hidden text is never kept"),
        ({"thresholds": {"adverts": (0.1, 0.2)}}, ValueError, "adverts"),
        ({"thresholds": {"content": (0.1, 0.2)}}, ValueError, "content"),
        ({"thresholds": {"ad": (0.1, 1.5)}}, ValueError, r"ad has 1\.5"),
        ({"thresholds": {"ad": (-0.1, 0.5)}}, ValueError, r"-0\.1"),
        ({"thresholds": {"ad": (float("nan"), 0.5)}}, ValueError, "nan"),
        ({"thresholds": {"ad": (None, 0.5)}}, ValueError, "None"),
        ({"thresholds": {"ad": ("0.1", 0.5)}}, ValueError, "'0.1'"),
        ({"thresholds": {"ad": (True, 0.5)}}, ValueError, "True"),
        ({"thresholds": {"ad": 0.5}}, TypeError, r"pair.*0\.5"),
        ({"thresholds": {"ad": (0.5,)}}, TypeError, "pair"),
        ({"thresholds": [("ad", (0.1, 0.2))]}, TypeError, "list"),
        ({"model": 5}, TypeError, "int"),
    ],
)
def test_options_that_mean_nothing(options: dict[str, Any], error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says):
        Cleaner(**options)


# Statuses


@pytest.mark.parametrize("document", ["", b"", " \n\t ", "<p> </p>", "<script>var a = 1;</script>"])
def test_nothing_to_keep(document: Any) -> None:
    result = dechaff.clean(document)
    assert (result.status, result.text, result.lines, result.flags) == ("empty", "", (), ())
    assert len(result.warnings) == 1
    assert result.scores == dechaff.PageScores()


@pytest.mark.parametrize(
    ("document", "says"),
    [
        ("", "the document is empty"),
        (b" \n", "the document is empty"),
        (bs4.BeautifulSoup("", "html.parser"), "the document is empty"),
        ("<title>only</title>", "no text was found"),
        ("<frameset><frame src='a.html'></frameset>", "no text was found"),
        (b"<div id=root></div><script src='app.js'></script>", "no text was found"),
        (bs4.BeautifulSoup("<div id=root></div>", "html.parser"), "no text was found"),
    ],
)
def test_a_page_without_text_is_not_called_empty(document: Any, says: str) -> None:
    assert dechaff.clean(document).warnings == (says,)


def test_a_tag_that_was_decomposed_is_an_empty_document() -> None:
    soup = bs4.BeautifulSoup("<div><p>One</p></div>", "html.parser")
    tag = soup.div
    assert tag is not None
    tag.decompose()
    assert (dechaff.clean(tag).status, dechaff.clean(tag).lines) == ("empty", ())
    assert dechaff.clean_soup(tag).get_text() == ""


def test_a_string_of_a_soup_is_a_text_and_leaves_the_soup_alone() -> None:
    soup = bs4.BeautifulSoup(f"<p>{PARAGRAPHS[0]}</p>", "html.parser")
    assert soup.p is not None
    result = dechaff.clean(soup.p.string)  # type: ignore[arg-type]
    assert type(result.source) is str
    assert pickle.loads(pickle.dumps(result)) == result


def test_nothing_but_navigation() -> None:
    links = "".join(f"<li><a href='/{name}'>{name}</a></li>" for name in NAVIGATION)
    result = dechaff.clean(f"<nav class='menu'><ul>{links}</ul></nav><div class='cookie-banner'>Accept cookies</div>")
    if not result.text:  # what it is called is the model's business; that the two agree is not
        assert result.status == "empty"
        assert result.warnings
    assert len(result.lines) == len(NAVIGATION) + 1


@pytest.mark.parametrize(
    ("document", "says"), [(b"%PDF-1.7 ...", "PDF"), (b"\x1f\x8b\x08", "gzip"), (b"\x89PNG\r\n\x1a\n", "PNG")]
)
def test_what_is_no_text_is_said(document: bytes, says: str) -> None:
    result = dechaff.clean(document)
    assert result.status == "empty"
    assert says in result.warnings[0]


def test_lines_beyond_the_limit_are_kept_unjudged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_LINES", 6)
    result = dechaff.clean("\n\n".join([*PARAGRAPHS, AD, AD]))
    assert result.text == "\n\n".join([*PARAGRAPHS, AD, AD])
    assert result.status == "limited"
    assert "6" in result.warnings[-1]
    assert [line.score for line in result.lines[6:]] == [1.0, 1.0]
    assert result.flags == ()
    assert dechaff.clean("\n\n".join(PARAGRAPHS)).status == "ok"


def test_characters_beyond_the_limit_are_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_DOCUMENT_CHARS", 600)
    result = dechaff.clean(article())
    assert result.status == "limited"
    assert "600" in result.warnings[-1]


def test_deep_nests_are_said() -> None:
    result = dechaff.clean("<div>" * 6_000 + PARAGRAPHS[0])
    assert (result.status, result.text) == ("limited", PARAGRAPHS[0])
    assert "nested" in result.warnings[0]
