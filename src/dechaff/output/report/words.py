"""What labels, tactics and scores are called where a person reads them."""

from __future__ import annotations

from collections.abc import Mapping

from dechaff.labels import Label

LABELS = {
    "content": "Content",
    "caption": "Caption",
    "metadata": "Metadata",
    "ad": "Advert",
    "self_promotion": "Self-promotion",
    "teaser": "Teaser",
    "off_topic": "Off topic",
    "boilerplate": "Boilerplate",
    "comment": "Comment",
    "hidden": "Hidden",
    "misleading": "Misleading",
}

MEANINGS = {
    "content": "what the page is for",
    "caption": "caption of a picture or of an embedded post",
    "metadata": "byline, date, credit, source note, disclosure",
    "ad": "promotes somebody's product, service, offer or event",
    "self_promotion": "the site or author promotes its own newsletter, subscription or product",
    "teaser": "leads to other stories",
    "off_topic": "is on another subject than the text around it",
    "boilerplate": "navigation, share buttons, forms, legal lines",
    "comment": "readers' comments",
    "hidden": "text that a reader does not see but a scraper collects",
    "misleading": "worded so that it misleads",
}

SCORES = {
    "trust": "Trust",
    "content_quality": "Content quality",
    "promotional_share": "Promotion in the text",
    "misleading": "Misleading lines",
    "clickbait": "Clickbait title",
    "title_mismatch": "Title not borne out",
    "hidden_share": "Hidden text",
    "ad_density": "Flagged lines",
    "off_topic_share": "Leads away or off topic",
    "content_share": "Content",
    "boilerplate_share": "Boilerplate",
    "link_share": "Links",
}

#: Scores of which more is better; all others say how much of something unwanted or neutral there is.
GOOD = frozenset({"trust", "content_quality", "content_share"})
NEUTRAL = frozenset({"link_share", "boilerplate_share"})

#: The order in which labels are listed: what misleads first, furniture last.
ORDER = (
    "misleading", "ad", "self_promotion", "teaser", "off_topic", "hidden",
    "content", "caption", "metadata", "comment", "boilerplate",
)  # fmt: skip


def named(name: str) -> str:
    """A name of the data as words.

    >>> named("income_claim")
    'Income claim'
    """
    return name.replace("_", " ").capitalize()


def label_name(label: str) -> str:
    return LABELS.get(label) or named(label)


def score_name(score: str) -> str:
    return SCORES.get(score) or named(score)


def ordered_scores(scores: Mapping[str, float]) -> list[tuple[str, float]]:
    """Scores with their values: what says most about a page first."""
    known = [*SCORES]
    return sorted(scores.items(), key=lambda score: known.index(score[0]) if score[0] in known else len(known))


def ordered_labels() -> list[str]:
    """All labels in the order in which they are listed."""
    known = [label.value for label in Label]
    return sorted(known, key=lambda label: ORDER.index(label) if label in ORDER else len(ORDER))


def meaning(label: str) -> str:
    return MEANINGS.get(label, "")
