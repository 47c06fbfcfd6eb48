"""Whether a reader sees text in an element of this style."""

from __future__ import annotations

import pytest

from dechaff.lines.drawn import drawn
from dechaff.lines.style import UNKNOWN
from tests.timing import assert_within


@pytest.mark.parametrize(
    ("style", "why"),
    [
        ("display:/**/none", "display: none"),
        ("display: block; display: none", "display: none"),
        ("display: none !important; display: block", "display: none"),
        (r"disp\6c ay: none", "display: none"),
        ("display:     none", "display: none"),
        ("display:\n      none", "display: none"),
        ("display      :none", "display: none"),
        ("visibility:     hidden", "visibility: hidden"),
        ("opacity:     0", "opacity: 0"),
        pytest.param("color:red;" * 500 + "display:none", "display: none", id="long"),
        pytest.param(f"background:url(data:{'A' * 90_000});display:none", "display: none", id="with a picture"),
        ("opacity:0; transition:none", "opacity: 0"),
        ("opacity:0; will-change:auto", "opacity: 0"),
        ("visibility: collapse", "visibility: hidden"),
        ("opacity: -1", "opacity: 0"),
        ("font: 0/0 a", "font size 0"),
        ("font: bold 1px/2 Arial", "font size 0"),
        ("font-size: 1%", "font size 0"),
        ("font-size: 0.1px", "font size 0"),
        ("font-size: .9px", "font size 0"),
        ("font-size: 0.5pt", "font size 0"),
        ("font-size: 0.2mm", "font size 0"),
        ("font-size: +0px", "font size 0"),
        ("font-size: 5e-1px", "font size 0"),
        ("height: 0.5px; overflow: hidden", "no size"),
        ("color: rgb(0 0 0 / 0)", "transparent"),
        ("color: rgba(0, 0, 0, .01)", "transparent"),
        ("margin: 0 0 0 -9999px", "off screen"),
        ("position: relative; left: -9999px", "off screen"),
        ("position: fixed; left: 9999px", "off screen"),
        ("position: absolute; inset: 0 auto auto -9999px", "off screen"),
        ("transform: translateX(-9999px)", "off screen"),
        ("transform: scaleX(0)", "no size"),
        ("scale: 0", "no size"),
        ("height: 0; overflow: hidden", "no size"),
        ("max-height: 0; overflow: hidden", "no size"),
    ],
)
def test_hidden(style: str, why: str) -> None:
    assert drawn(style).why == why


@pytest.mark.parametrize(
    "style",
    [
        "display: none; display: block",
        "--x-display: none",
        "mso-display: none",
        "content: 'display: none'",
        "background: url(display:none)",
        "font: 400 16px/1 Arial",
        "font-size: 0.8em",
        "font-size: .9rem",
        "margin: 0 -9999px; padding: 0 9999px",  # a band as wide as the window
        "margin-left: -600px; padding-left: 600px",
        "margin-top: -600px; padding-top: 600px",  # where a link leads to
        "position: relative; left: -9999px; padding-left: 9999px",
        "color: rgba(0, 0, 0, .6)",
        "max-width: 0; width: 100%; overflow: hidden; text-overflow: ellipsis",  # a cell that shortens its text
        "width: 0; flex: 1; overflow: hidden",
        "height: 1px; min-height: 100%; overflow: hidden",
        "height: 0; padding-bottom: 56%; overflow: hidden",
        "max-width: 1; overflow: hidden",  # no length
        "position: absolute; left: 50%; margin-left: -600px; width: 1200px",
        "width: 3000px; margin-left: -1000px",  # a row of slides
        "transform: translate3d(-1200px, 0, 0)",
        "position: absolute; top: 6000px",
    ],
)
def test_seen(style: str) -> None:
    assert drawn(style).why == ""


@pytest.mark.parametrize(
    "still", ["transition:none", "animation: none", "filter:none", "transform:none", "will-change:auto"]
)
def test_what_is_told_to_stand_still_does_not_come_into_sight(still: str) -> None:
    assert not drawn(f"visibility:hidden; {still}").fades
    assert drawn("visibility:hidden; transition:opacity 1s").fades


def test_what_fades_in_without_moving_comes_into_sight() -> None:
    """As scripts of animations write it before they begin."""
    assert drawn("opacity:0; transform:none").fades


@pytest.mark.parametrize(
    "background",
    [
        "url(a.jpg)", "linear-gradient(#003, #006)", "#fff url(a.jpg)", "var(--dark)", "rgba(0, 0, 0, .5)",
        "red; background-image: url(a.jpg)",
    ],
)  # fmt: skip
def test_what_is_no_plain_colour_is_unknown(background: str) -> None:
    assert drawn(f"background: {background}").background == UNKNOWN


@pytest.mark.parametrize("background", ["none", "transparent", "rgba(0, 0, 0, 0)"])
def test_through_no_background_the_one_behind_is_seen(background: str) -> None:
    assert drawn(f"background: {background}").background is None


@pytest.mark.parametrize("piece", ["color:red;", "display:none;", "font:", "left:-999", "/*", "\\", "clip:rect(", "{"])
def test_long_styles_take_no_time(piece: str) -> None:
    style = "color:" + piece * (1_000_000 // len(piece))
    assert_within(1, lambda: drawn(style))
