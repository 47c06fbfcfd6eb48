"""Which elements break a line, which hold no text of the page. Data only.

Source: the "display" defaults of the WHATWG HTML Standard, section 15.3 (rendering of flow content and
tables), and its list of elements whose content is not rendered (15.3.1), plus form controls, whose text
is a control's and not the page's, and the annotations of MathML Core, which repeat a formula in TeX.
"""

from __future__ import annotations

#: Elements that start and end a line.
BLOCK = frozenset(
    "html body address article aside blockquote center details dialog dd div dl dt fieldset figcaption figure footer"
    " form frameset h1 h2 h3 h4 h5 h6 header hgroup hr legend li listing main menu nav ol optgroup option p plaintext"
    " pre search section summary table caption tbody td tfoot th thead tr ul video audio picture xmp dir".split()
)

#: Elements whose text a reader does not see, or that is a control's.
SILENT = frozenset(
    "head title meta link style script noscript template iframe object embed applet noembed noframes select datalist"
    " textarea svg canvas map audio video base param rp progress meter annotation annotation-xml".split()
)

#: A formula once more in another notation, mostly TeX: no reader sees it, but it belongs to the formula.
ANNOTATIONS = frozenset({"annotation", "annotation-xml"})

#: Elements in which white space stands as written.
PREFORMATTED = frozenset({"pre", "listing", "plaintext", "xmp"})

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})

CELLS = frozenset({"td", "th"})

#: Silent elements that may hold the page itself, for readers without scripts.
INERT = frozenset({"noscript"})
