"""Clear-cut pages and texts: whatever model judges them, there is one sane answer."""

from __future__ import annotations

PARAGRAPHS = (
    "The city council voted on Monday evening to spend four million euros on the repair of the old harbour bridge, "
    "which has been closed to lorries since an inspection found cracks in two of its piers last autumn.",
    "Engineers told the council that the work would take about eighteen months, and that one lane would stay open to "
    "cars and buses for most of that time. Cyclists will be sent over the railway bridge to the north.",
    "“We could have waited another year, and then we would have had to close it altogether,” said Marta Olsen, who "
    "leads the committee for roads and bridges. “Nobody at this table wanted to explain that to the people.”",
    "Two members of the council voted against the plan. They argued that a new bridge, although it would cost three "
    "times as much, would last for a century, while the repair is expected to hold for thirty years at most.",
    "The bridge was built in 1931 and widened twice, most recently in 1974. About eleven thousand vehicles crossed it "
    "on an average day before the closure, according to figures that the harbour authority published in March.",
    "Work is to begin in April, once the ice has left the river. The council expects a first report on its progress "
    "and its costs in September, and the bridge should carry lorries again in the autumn of the following year.",
)

TITLE = "Council votes to repair the harbour bridge"

AD = "SPECIAL OFFER: Buy 2 bottles of MiracleSlim diet pills and get 1 FREE! Order now and save 70% today only!"

NAVIGATION = ("Home", "Sport", "Weather", "Contact us")

_NAV = (
    "<nav class='menu'><ul>" + "".join(f"<li><a href='/{name}'>{name}</a></li>" for name in NAVIGATION) + "</ul></nav>"
)
_FOOTER = (
    "<footer><p>Copyright 2024 Harbour Post. All rights reserved.</p>"
    "<p><a href='/privacy'>Privacy policy</a></p></footer>"
)


def article(*, ad: str = "", body: str = "") -> str:
    """A news page of `PARAGRAPHS`, with an advertisement and further markup in the middle if wanted."""
    middle = len(PARAGRAPHS) // 2
    first, last = ("".join(f"<p>{text}</p>\n" for text in part) for part in (PARAGRAPHS[:middle], PARAGRAPHS[middle:]))
    promotion = f"<p class='ad sponsored'><a href='https://shop.example/buy'>{ad}</a></p>" if ad else ""
    return (
        f"<!DOCTYPE html><html><head><title>{TITLE}</title></head><body>{_NAV}"
        f"<article><h1>{TITLE}</h1>\n{first}{promotion}{body}{last}</article>{_FOOTER}</body></html>"
    )


#: The same article as plain text, with the advertisement in the middle.
TEXT = "\n\n".join((*PARAGRAPHS[:3], AD, *PARAGRAPHS[3:]))
