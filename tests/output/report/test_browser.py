"""The report in a real browser: it loads without a message, and what it offers works."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import dechaff
from dechaff.labels import Label, Tactic
from dechaff.output.report import to_report
from tests.browser import CHROMIUM, Browser
from tests.pages import AD, PARAGRAPHS, TEXT, article
from training.corrections import read_corrections, read_marks
from training.labels import UNKNOWN, mask

pytest.importorskip("jinja2")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")

SCRIPTS = (
    "<p>&lt;script&gt;document.title='owned'&lt;/script&gt; stood in the guest book of the bridge keepers for a year, "
    "and &lt;img src=x onerror=\"document.title='owned'\"&gt; stood below it until somebody read it.</p>"
)
PAGE = article(ad=AD, body=SCRIPTS)
NAME = "news & <b>more.html"


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with Browser(tmp_path_factory.mktemp("browser")) as made:
        yield made


@pytest.fixture
def page(browser: Browser, tmp_path: Path) -> Iterator[Browser]:
    """The report of one page, opened; nothing may be said in the console, nor asked of the network."""
    path = tmp_path / "report.html"
    path.write_text(dechaff.clean(PAGE).to_report(name=NAME), encoding="utf-8")
    yield from opened(browser, path)


@pytest.fixture
def pages(browser: Browser, tmp_path: Path) -> Iterator[Browser]:
    path = tmp_path / "pages.html"
    path.write_text(
        to_report([("a.html", dechaff.clean(PAGE)), ("b.txt", dechaff.clean(TEXT)), ("c.txt", dechaff.clean(""))]),
        encoding="utf-8",
    )
    yield from opened(browser, path)


def opened(browser: Browser, path: Path) -> Iterator[Browser]:
    browser.size(1280, 900)
    browser.messages.clear()
    browser.open(path)
    browser.evaluate("localStorage.clear()")
    browser.open(path)
    yield browser
    assert browser.messages == []
    assert all(address.startswith(("file:", "data:", "about:", "blob:")) for address in browser.requests())


def seen(browser: Browser) -> list[str]:
    """The texts of the lines that can be seen."""
    found: list[str] = browser.evaluate(
        "[...document.querySelectorAll('.line')].filter((line) => line.checkVisibility())"
        ".map((line) => line.querySelector('.text').textContent)"
    )
    return found


def choose_view(browser: Browser, value: str) -> None:
    browser.evaluate(f"document.querySelector('.page:not([hidden]) [name=view][value={value}]').click()")


def slide(browser: Browser, label: str, value: float) -> None:
    browser.evaluate(
        f"what.value = '{label}'; what.dispatchEvent(new Event('input'));"
        f"slider.value = {value}; slider.dispatchEvent(new Event('input'))"
    )


def kept(document: str, **thresholds: Any) -> set[str]:
    return {line.text for line in dechaff.Cleaner(thresholds=thresholds).clean(document).lines if line.kept}


def test_it_opens_fast_and_runs_nothing_of_the_page(page: Browser) -> None:
    assert "dechaff report" in page.evaluate("document.title")
    assert [text for text in seen(page) if "<script>document.title" in text]
    assert page.evaluate("document.querySelectorAll('.line script, .line img').length") == 0


def test_a_script_that_got_in_would_not_run(page: Browser) -> None:
    page.evaluate(
        "const script = document.createElement('script'); script.textContent = 'document.title = 1';"
        "document.body.append(script)"
    )
    page.evaluate(
        "const image = document.createElement('img'); image.src = 'https://x.example/'; document.body.append(image)"
    )
    page.evaluate("new Promise((done) => setTimeout(done, 200))")
    assert page.evaluate("document.title") != "1"
    assert len(page.messages) == 2
    assert all("Content Security Policy" in message for message in page.messages)
    page.messages.clear()
    page._events.clear()


def test_a_long_page_opens_in_under_a_second(browser: Browser, tmp_path: Path) -> None:
    body = "".join(f"<p>{text} {i}</p>" for i in range(50) for text in PARAGRAPHS)
    path = tmp_path / "long.html"
    path.write_text(dechaff.clean(article(ad=AD, body=body)).to_report(), encoding="utf-8")
    assert min(browser.open(path) for _ in range(3)) < 1


def test_filters(page: Browser) -> None:
    result = dechaff.clean(PAGE)
    assert set(seen(page)) >= {line.text for line in result.lines if line.kept}
    choose_view(page, "flagged")
    assert seen(page) == [flag.text for flag in result.flags]
    choose_view(page, "removed")
    assert seen(page) == [line.text for line in result.lines if not line.kept]
    choose_view(page, "kept")
    assert seen(page) == [line.text for line in result.lines if line.kept]
    page.evaluate("document.querySelector('[name=label][value=content]').click()")
    assert seen(page) == []
    assert page.evaluate("document.querySelector('.found').textContent").startswith("0 lines of")
    page.evaluate("document.querySelector('[name=label][value=content]').click()")
    choose_view(page, "all")
    page.evaluate(
        "const found = document.querySelector('[name=search]'); found.value = 'ENGINEERS';"
        "found.dispatchEvent(new Event('input', {bubbles: true}))"
    )
    assert seen(page) == [PARAGRAPHS[1]]
    page.evaluate("document.querySelector('.filters').reset()")
    page.evaluate(
        "const from = document.querySelector('[name=score]'); from.value = 100;"
        "from.dispatchEvent(new Event('input', {bubbles: true}))"
    )
    assert len(seen(page)) < len(result.lines)


def test_the_slider_shows_what_another_threshold_would_do(page: Browser) -> None:
    before = kept(PAGE)
    assert page.evaluate("document.querySelectorAll('.would-go, .would-stay').length") == 0
    for label, value in (("ad", 0.99), ("ad", 1), ("boilerplate", 0.99), ("teaser", 0), ("boilerplate", 0)):
        page.evaluate("reset.click()")
        slide(page, label, value)
        after = kept(PAGE, **{label: (0, value)})
        found = page.evaluate(
            "['.would-go', '.would-stay'].map((kind) => [...document.querySelectorAll(`${kind} .text`)])"
            ".map((texts) => texts.map((text) => text.textContent))"
        )
        assert [set(texts) for texts in found] == [before - after, after - before]
        assert f'"{label}": (' in page.evaluate("option.textContent")
    slide(page, "ad", 1)
    page.evaluate("document.getElementById('show-changed').click()")
    assert AD in seen(page)
    page.evaluate("reset.click()")
    assert page.evaluate("outcome.textContent") == "The lines stand as they were decided."


def test_another_threshold_comes_with_the_options_of_the_page(browser: Browser, tmp_path: Path) -> None:
    cleaner = dechaff.Cleaner(strictness="strict", keep=["content", "caption"], thresholds={"teaser": (0.2, None)})
    path = tmp_path / "report.html"
    path.write_text(cleaner.clean(PAGE).to_report(), encoding="utf-8")
    for page in opened(browser, path):
        said = "Made with strictness strict, keeping content, caption, with other thresholds for teaser."
        assert page.evaluate("made.textContent") == said
        slide(page, "boilerplate", 1)
        option = page.evaluate("option.textContent")
        start = 'Cleaner(strictness="strict", keep={"content", "caption"}, thresholds={"teaser": (0.2, None), "boiler'
        assert option.startswith(start)
        made = eval(option, {"Cleaner": dechaff.Cleaner})
        assert made.rules["html"].thresholds[Label.BOILERPLATE].remove == 1


def test_a_click_says_why(page: Browser) -> None:
    page.evaluate("document.querySelector('.line .why').closest('.line').click()")
    says = page.evaluate("inspector.innerText")
    assert AD in says
    assert "promotes somebody's product" in says
    assert "article" in page.evaluate("document.querySelector('.path').textContent")
    assert page.evaluate("document.activeElement.className") == "chip"


def test_hover_says_why(page: Browser) -> None:
    x, y = page.evaluate(
        "(() => { const line = document.querySelector('.line .why').closest('.line');"
        "line.scrollIntoView({block: 'center'});"
        "const box = line.getBoundingClientRect(); return [box.x + 60, box.y + 12] })()"
    )
    assert not page.evaluate("document.querySelector('.line .why').checkVisibility()")
    page.call("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)
    assert page.evaluate("document.querySelector('.line .why').checkVisibility()")
    page.press("Escape")
    assert not page.evaluate("document.querySelector('.line .why').checkVisibility()")


def test_keys(page: Browser) -> None:
    page.evaluate("document.querySelector('.chip[tabindex=\"0\"]').focus()")
    assert page.evaluate("document.querySelectorAll('.chip[tabindex=\"0\"]').length") == 1
    page.press("n")
    flag = page.evaluate("document.activeElement.closest('.line').querySelector('.text').textContent")
    assert flag == AD
    page.press("ArrowDown")
    below = page.evaluate("document.activeElement.closest('.line').id")
    page.press("k")
    assert page.evaluate("document.activeElement.closest('.line').id") != below
    page.press("5")
    assert page.evaluate("document.activeElement.closest('.line').classList.contains('corrected')")
    page.press("u")
    assert not page.evaluate("document.activeElement.closest('.line').classList.contains('corrected')")


def save(page: Browser, folder: Path) -> list[dict[str, Any]]:
    """The rows that the report saves."""
    page.call("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(folder))
    page.evaluate("save.click()")
    saved = folder / "corrections.jsonl"
    for _ in range(100):
        if saved.exists() and saved.stat().st_size:
            break
        time.sleep(0.05)
    return [json.loads(row) for row in saved.read_text(encoding="utf-8").splitlines()]


def ticked(page: Browser) -> list[str]:
    """The tactics that are ticked for the chosen line."""
    found: list[str] = page.evaluate("[...document.querySelectorAll('.marks :checked')].map((box) => box.value)")
    return found


def tick(page: Browser, tactic: str) -> None:
    page.evaluate(f"document.querySelector('.marks [value={tactic}]').focus(), document.activeElement.click()")


def test_corrections_are_saved_and_read_by_training(page: Browser, tmp_path: Path) -> None:
    page.evaluate("document.querySelector('.line .why').closest('.line').click()")
    page.evaluate("[...document.querySelectorAll('.choices button')].find((b) => b.textContent === 'Teaser').click()")
    page.press("n")
    line = page.evaluate(
        "[...document.querySelectorAll('.line')].findIndex((l) => l.textContent.includes('Engineers told'))"
    )
    page.evaluate(f"document.querySelectorAll('.line .chip')[{line}].click()")
    page.press("x")
    assert page.evaluate("[corrected.textContent, save.disabled]") == ["2", False]
    rows = save(page, tmp_path)
    result = dechaff.clean(PAGE)
    for row in rows:
        assert row["file"] == NAME
        assert result.source[row["start"] : row["end"]] == row["text"] == result.lines[row["line"]].text
    by_text = {row["text"]: (row["label"], row["was"], row["in_body"]) for row in rows}
    assert by_text[AD][:1] == ("teaser",)
    assert by_text[PARAGRAPHS[1]] == ("content", "content", True)
    (tmp_path / NAME).write_text(PAGE, encoding="utf-8")
    (found,) = read_corrections(tmp_path / "corrections.jsonl")
    targets = dict(zip(found.lines.texts, found.targets, strict=True))
    assert (targets[AD], targets[PARAGRAPHS[1]], targets[PARAGRAPHS[0]]) == (mask("teaser"), mask("content"), UNKNOWN)


def test_corrections_of_lines_with_unseen_characters_fit_them(browser: Browser, tmp_path: Path) -> None:
    text = "Fuß\u00adball\u00adplätze in the north\nwere closed\u200b on Monday, said the council\x07 of the town."
    document = f"{text}\r\n\r\nThey open again on \ud800Tuesday.\r\n"
    lines = dechaff.clean(document, kind="text").lines
    path = tmp_path / "report.html"
    path.write_text(dechaff.clean(document, kind="text").to_report(name="a.txt"), encoding="utf-8")
    for page in opened(browser, path):
        for i in range(len(lines)):
            page.evaluate(f"document.querySelectorAll('.line .chip')[{i}].click()")
            page.press("1")
        rows = save(page, tmp_path)
        assert [row["text"] for row in rows] == [line.text for line in lines]


def test_tactics_are_corrected(page: Browser, tmp_path: Path) -> None:
    (flag,) = dechaff.clean(PAGE).flags
    found = [tactic.value for tactic in Tactic if tactic in flag.tactics]
    page.evaluate("document.querySelector('.line .why').closest('.line').click()")
    assert found
    assert ticked(page) == found
    assert "scare" not in found
    tick(page, "scare")
    assert page.evaluate("[corrected.textContent, document.activeElement.value]") == ["1", "scare"]
    tick(page, "scare")
    assert page.evaluate("[corrected.textContent, save.disabled]") == ["0", True]  # as it was found
    tick(page, "scare")
    page.open(tmp_path / "report.html")
    page.evaluate("document.querySelector('.line .why').closest('.line').click()")
    assert set(ticked(page)) == {*found, "scare"}
    tick(page, found[0])
    (row,) = save(page, tmp_path)
    assert (row["text"], set(row["tactics"]), "label" in row) == (AD, {*found[1:], "scare"}, False)
    (mark,) = read_marks(tmp_path / "corrections.jsonl")
    assert (mark.text, mark.tactics) == (AD, {*found[1:], "scare"})
    page.evaluate("document.querySelector('.line .why').closest('.line').click()")
    page.press("u")
    assert ticked(page) == found


def test_corrections_are_remembered(page: Browser, tmp_path: Path) -> None:
    page.evaluate("document.querySelector('.line .why').closest('.line').click()")
    page.evaluate("document.querySelector('.choices button').click()")
    page.open(tmp_path / "report.html")
    assert page.evaluate("corrected.textContent") == "1"
    assert page.evaluate("document.querySelectorAll('.line.corrected').length") == 1


def test_from_the_overview_to_a_page_and_on(pages: Browser) -> None:
    assert seen(pages) == []
    assert pages.evaluate("overview.checkVisibility()")
    pages.evaluate("document.querySelector('#pages a[href=\"#p2\"]').click()")
    pages.evaluate("new Promise((done) => setTimeout(done, 50))")
    assert not pages.evaluate("overview.checkVisibility()")
    assert AD in seen(pages)
    assert pages.evaluate("place.textContent") == "2 of 3"
    pages.evaluate("previous.click()")
    pages.evaluate("new Promise((done) => setTimeout(done, 50))")
    assert [text for text in seen(pages) if "<script>" in text]
    pages.evaluate("location.hash = '#p3'")
    pages.evaluate("new Promise((done) => setTimeout(done, 50))")
    assert seen(pages) == []


def test_the_link_that_skips_the_head_stays_on_the_page(pages: Browser) -> None:
    pages.evaluate("location.hash = '#p2'")
    pages.evaluate("new Promise((done) => setTimeout(done, 50))")
    pages.evaluate("document.querySelector('.skip').click()")
    pages.evaluate("new Promise((done) => setTimeout(done, 50))")
    assert pages.evaluate("[document.activeElement.id, location.hash]") == ["main", "#p2"]
    assert AD in seen(pages)


def test_the_table_of_pages_is_sorted_and_searched(pages: Browser) -> None:
    def names() -> list[str]:
        found: list[str] = pages.evaluate(
            "[...document.querySelectorAll('#pages tbody tr:not([hidden]) a')].map((link) => link.hash)"
        )
        return found

    pages.evaluate(
        "[...document.querySelectorAll('#pages thead button')].find((b) => b.textContent === 'Flags').click()"
    )
    assert pages.evaluate("document.querySelector('[aria-sort=descending]').textContent") == "Flags"
    assert names()[-1] == "#p3"
    pages.evaluate(
        "[...document.querySelectorAll('#pages thead button')].find((b) => b.textContent === 'Flags').click()"
    )
    assert names()[0] == "#p3"
    pages.evaluate(
        "const find = document.getElementById('find-page'); find.value = 'b.TXT';find.dispatchEvent(new Event('input'))"
    )
    assert names() == ["#p2"]


@pytest.mark.parametrize(("width", "phone"), [(390, True), (820, True), (1280, False)])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_the_window_in_either_scheme(pages: Browser, width: int, phone: bool, scheme: str) -> None:
    pages.size(width, 844, phone=phone)
    pages.colours(scheme)
    for fragment in ("", "#p1"):
        pages.evaluate(f"location.hash = '{fragment}'")
        pages.evaluate("new Promise((done) => setTimeout(done, 50))")
        assert pages.evaluate("document.documentElement.scrollWidth") <= width
    back = pages.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (sum(map(int, back[4:-1].split(","))) > 384) == (scheme == "light")


def test_all_can_be_read_without_scripts(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.write_text(dechaff.clean(PAGE).to_report(), encoding="utf-8")
    browser.call("Emulation.setScriptExecutionDisabled", value=True)
    try:
        browser.open(path)
        assert set(seen(browser)) >= set(PARAGRAPHS) | {AD}
        assert not browser.evaluate("document.querySelector('.filters').checkVisibility()")
    finally:
        browser.call("Emulation.setScriptExecutionDisabled", value=False)
