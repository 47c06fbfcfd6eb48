"""Simulated injection: what comes out of a page, and that a seed fixes it."""

from __future__ import annotations

from dechaff.lines.html import lines_of_html
from dechaff.lines.table import Joint
from training.data import Document, Page, Snippet, fold_of
from training.inject import Injector
from training.labels import CONTENT, mask

PARAGRAPHS = [f"Paragraph {i} tells at some length what the harbour board decided on day {i}." for i in range(8)]
ADS = [Snippet(f"Doctors love pill number {i}", mask("ad"), "headline", "en", 0) for i in range(20)]


def page(kind: str = "article") -> Page:
    lines = lines_of_html("<article>" + "".join(f"<p>{text}</p>" for text in PARAGRAPHS) + "</article>")
    count = len(lines)
    document = Document(lines, [CONTENT] * count, [1.0] * count)
    return Page("a", kind, 0, "wcxb", document, [False] * count, [False] * count, "\n".join(PARAGRAPHS))


def test_nothing_is_lost_and_foreign_lines_have_their_target() -> None:
    injector = Injector(ADS, [page()], seed=1)
    counts = set()
    for _ in range(60):
        made = injector.injected(page())
        own = [text for text, target in zip(made.lines.texts, made.targets, strict=True) if target == CONTENT]
        assert own == PARAGRAPHS
        assert len(made.lines) == len(made.targets) == len(made.factors) == len(made.lines.blocks)
        counts.add(len(made.lines) - len(PARAGRAPHS))
        for text, target in zip(made.lines.texts, made.targets, strict=True):
            assert (target == mask("ad")) == text.lower().startswith("doctors love pill")
    assert {0, 1, 2, 3} <= counts


def test_the_page_itself_stays_as_it_is() -> None:
    original = page()
    injector = Injector(ADS, [original], seed=1)
    for _ in range(10):
        injector.injected(original)
    assert original.document.lines.texts == PARAGRAPHS
    assert max(original.document.lines.blocks) < len(original.document.lines.containers.parents)


def test_lists_and_shops_are_left_alone() -> None:
    injector = Injector(ADS, [page("listing")], seed=1)
    assert all(injector.injected(page("listing")).lines.texts == PARAGRAPHS for _ in range(20))


def test_plain_documents_hold_the_content_in_order() -> None:
    injector = Injector(ADS, [page()], seed=2)
    for make in (injector.bare_text, injector.bare_page):
        made = make(page())
        assert made is not None
        own = [text for text, target in zip(made.lines.texts, made.targets, strict=True) if target == CONTENT]
        assert own == PARAGRAPHS
    text, html = injector.bare_text(page()), injector.bare_page(page())
    assert text is not None
    assert text.lines.kind == "text"
    assert html is not None
    assert html.lines.kind == "html"


def test_some_lines_are_put_in_again_and_some_stand_behind_a_break() -> None:
    injector = Injector(ADS, [page()], seed=3)
    pages = [injector.injected(page()) for _ in range(60)]
    plain = [made for _ in range(60) for made in (injector.bare_text(page()), injector.bare_page(page())) if made]
    for documents in (pages, plain):
        again = [made for made in documents if len(set(made.lines.texts)) < len(made.lines)]
        assert 0 < len(again) < len(documents) / 2
    broken = [joint is Joint.LINE for made in pages for joint in made.lines.joints]
    assert 0 < sum(broken) < len(pages)
    targets = {target for made in plain for target, joint in zip(made.targets, made.lines.joints, strict=True)
               if joint is Joint.LINE}  # fmt: skip
    assert targets == {CONTENT, mask("ad")}


def test_most_lines_are_in_the_language_of_the_page() -> None:
    german = [Snippet(f"Ärzte schwören auf Pille {i}", mask("ad"), "headline", "de", 0) for i in range(4)]
    injector = Injector([*ADS, *german], [page()], seed=4)
    for lang, own, other in (("de", "Ärzte", "Doctors"), ("en", "Doctors", "Ärzte")):
        carrier = page()
        carrier.lang = lang
        texts = [text for _ in range(60) for text in injector.injected(carrier).lines.texts]
        mine, theirs = (sum(text.lower().startswith(word.lower()) for text in texts) for word in (own, other))
        assert 0 < 4 * theirs < mine


def test_a_page_in_a_language_without_lines_gets_any() -> None:
    carrier = page()
    carrier.lang = "sv"
    injector = Injector(ADS, [carrier], seed=5)
    assert any(len(injector.injected(carrier).lines) > len(PARAGRAPHS) for _ in range(20))


def test_a_seed_gives_the_same_documents() -> None:
    one, other = (Injector(ADS, [page()], seed=7) for _ in range(2))
    for _ in range(10):
        assert one.injected(page()).lines.texts == other.injected(page()).lines.texts


def test_folds_keep_the_pages_of_a_site_together() -> None:
    assert fold_of("www.harbour.example") == fold_of("harbour.example") == fold_of("blog.harbour.example")
    assert len({fold_of(f"site{i}.example") for i in range(50)}) == 5
