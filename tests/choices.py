"""Options of a `Cleaner`, and a page on which each of them shows, wherever they are given."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import dechaff
from dechaff import Cleaner
from tests.pages import AD, article

FOLDED = "The full minutes of the meeting are kept in the reading room of the town hall, and can be seen on weekdays."

PAGE = article(ad=AD, body=f"<div class=accordion hidden><p>{FOLDED}</p></div>")

#: A page of the site that has phrases of its own, one of another site, and one of no site.
URLS = ("https://www.post.example/1", "https://other.example/2", None)

CHOICES: dict[str, dict[str, Any]] = {
    "allow": {"allow": [AD[:20].lower()]},
    "deny": {"deny": ["railway  bridge"]},
    "sites": {"sites": {"Post.example": {"deny": ["railway bridge"], "allow": ["miracleslim"]}}},
    "thresholds": {"thresholds": dict.fromkeys(("ad", "self_promotion", "teaser", "boilerplate"), (0.1, None))},
    "keep": {"keep": {"content", "ad"}},
    "collapsed": {"collapsed": False},
}  # fmt: skip


def expected(**options: Any) -> list[str]:
    """The texts of the page at `URLS`, cleaned by a `Cleaner` itself."""
    cleaner = Cleaner(**options)
    return [cleaner.clean(PAGE, url=url).text for url in URLS]


def lenient_model(folder: Path) -> Path:
    """A model in this folder, which must be new, that leaves adverts in."""
    shutil.copytree(Path(dechaff.__file__).parent / "model" / "default", folder)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    manifest["thresholds"]["html"]["balanced"] |= {name: [0.1, None] for name in ("ad", "self_promotion", "teaser")}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder
