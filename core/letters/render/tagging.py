"""Pages with a structure a screen reader can follow: content marked as it is drawn, and the tree written with it.

Sources: ISO 32000-1 14.7 and 14.8 (logical structure, tagged PDF), ISO 14289-1 (PDF/UA-1). Everything is
in invariant mode: the same pages give the same bytes.

The tree goes out through reportlab's own object writer. Rewriting a file of 250 letters with another library afterwards
took as long again as everything else (decision 0005).
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

import pypdfium2
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfdoc
from reportlab.pdfgen.canvas import Canvas

from core.letters.render.assembly import Stencil, page_stream, place, with_runs
from core.letters.render.fonts import REGULAR, drawable, tidy
from core.letters.render.glyph_codes import GlyphCodes
from core.letters.render.joining import TakenApart, renumbered
from core.letters.render.lines import TextBlock

PAGE_W_PT: float = A4[0]
PAGE_H_PT: float = A4[1]
PT_PER_MM = 72 / 25.4

ROOT = -1
"""As `Element.parent`: stands directly in its section."""


@dataclass(frozen=True, slots=True)
class Element:
    """One element of the structure tree. `parent` is an earlier place in the same list, or ROOT."""

    role: str
    parent: int = ROOT
    attributes: str = ""


_LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")

_ROLE = re.compile(rb"/S/(\w+)")
_SECTION = b"<section>"
"""Stands in a stencil for what is said of a section."""
_DRAWN_ONCE = 500
"""A section of more elements than this is a checklist, of which there is one: no stencil is made of it."""
_PARENTS = re.compile(rb"/StructParents \d+")

LIST_ATTRIBUTES = "/A <</O /List /ListNumbering /Disc>>"
COLUMN_HEADER_ATTRIBUTES = "/A <</O /Table /Scope /Column>>"


@dataclass(frozen=True, slots=True)
class MarkedPage:
    """One page: its drawing code, the forms it calls, and for each marked content id its element."""

    code: str
    forms: tuple[str, ...]
    marks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class FinishedPdf:
    """The file's bytes and the number of pages counted in it."""

    data: bytes
    pages: int


class _Raw(pdfdoc.PDFObject):  # type: ignore[misc]  # reportlab publishes no types
    """An object of its own, given as the text that goes into the file."""

    __RefOnly__ = 1

    def __init__(self, text: str = "", made: bytes = b"") -> None:
        self.text = text
        self.made = made

    def format(self, document: Any) -> bytes:
        del document
        return self.made or self.text.encode("ascii")


class _Info(pdfdoc.PDFInfo):  # type: ignore[misc]  # reportlab publishes no types
    """The title and nothing else: no program, no person, and no date that is not true."""

    def format(self, document: Any) -> bytes:
        """As the parent."""
        text: bytes = pdfdoc.PDFDictionary({"Title": pdfdoc.PDFString(self.title)}).format(document)
        return text


class TaggedPages(Canvas):  # type: ignore[misc]  # reportlab publishes no types
    """A growing document of sections (one letter, one checklist), each with its own pages and elements."""

    def __init__(self, *, title: str, language: str) -> None:
        drawable()  # loads the typeface
        language = language if _LANGUAGE_TAG.fullmatch(language) else "en-GB"
        super().__init__(
            io.BytesIO(),
            pagesize=A4,
            pageCompression=1,
            invariant=1,
            initialFontName=REGULAR,
            lang=language,
            pdfVersion=(1, 7),
        )
        self._title_text = tidy(title) or "Letter"
        self._language = language
        self._runs = with_runs(self._doc)
        self._glyphs = GlyphCodes(self)
        self._resources: dict[tuple[str, ...], str] = {}
        self._stencils: dict[int, tuple[Sequence[Element], list[tuple[int, ...]], Stencil]] = {}
        self._doc.info = _Info()
        self.setTitle(self._title_text)
        self.setViewerPreference("DisplayDocTitle", "true")
        self._root = self._register(_Raw())
        self._document_element = self._register(_Raw())
        self._parents = self._register(_Raw())
        self._sections: list[int] = []
        self._page_parents: list[str] = []
        self._adopted: dict[int, _Adopted] = {}

    @property
    def page_count(self) -> int:
        return len(self._page_parents)

    def text_code(self, block: TextBlock, x_pt: float, baseline_pt: float) -> str:
        """Operators that draw `block` with its first baseline at this point, from the bottom left of the page."""
        return self._glyphs.block(block, x_pt, baseline_pt)

    def define_form(self, name: str, block: TextBlock) -> None:
        """Keep `block` once in the file; draw it with `form_code`."""
        margin = block.size_pt
        self.beginForm(name, -margin, -block.height_pt - margin, block.width_pt + 3 * margin, 2 * margin)
        self.addLiteral(self.text_code(block, 0, 0))
        self.endForm()

    def form_code(self, name: str, x_pt: float, baseline_pt: float) -> str:
        """Operators that draw a kept block at this point."""
        return f"q 1 0 0 1 {x_pt:.2f} {baseline_pt:.2f} cm /{self._doc.getXObjectName(name)} Do Q"

    def add_section(
        self, elements: Sequence[Element], pages: Sequence[MarkedPage], *, language: str = "",
        size_pt: tuple[float, float] | None = None,
    ) -> None:  # fmt: skip
        """Add pages and the elements they belong to, read in the order of `elements`. `size_pt`: None for A4."""
        numbers = [self._add_page(page, size_pt or A4) for page in pages]
        section = self._doc.objectcounter + 1
        tree = self._tree_of(elements, [page.marks for page in pages], section, numbers)
        tree[0] = tree[0].replace(_SECTION, f"/P {self._document_element.number} 0 R {self._speaks(language)}".encode())
        self._runs.add_run(tree)
        self._sections.append(section)
        for at, page in enumerate(pages, start=self.page_count - len(pages)):
            self._page_parents[at] = _references([section + 1 + element for element in page.marks])

    def add_section_made(self, made: TakenApart, first: int, count: int, *, language: str = "") -> None:
        """Add `count` pages another engine drew, from its page `first` on (from 0), with their elements."""
        section = self._register(_Raw())
        numbers = {**self._adopt(made), made.document: section.number}
        here = [kid for kid, page in made.top if first <= page < first + count]
        for kid in here:
            self._fill(made, kid, numbers)
        section.object.text = (
            f"<</S /Sect /P {self._document_element.number} 0 R {self._speaks(language)}"
            f"/K [{_references(numbers[kid] for kid in here)}]>>"
        )
        self._sections.append(section.number)
        for at in range(first, first + count):
            self._add_page_made(made, at, numbers)

    def _tree_of(
        self, elements: Sequence[Element], marks: list[tuple[int, ...]], section: int, pages: Sequence[int]
    ) -> list[bytes]:
        """The section and its elements, numbered from `section` on."""
        numbers = [*range(section, section + 1 + len(elements)), *pages]
        if len(elements) > _DRAWN_ONCE:
            return [text.encode("ascii") for text in _tree_texts(elements, marks, numbers)]
        known = self._stencils.get(id(elements))
        if known is None or known[0] is not elements or known[1] != marks:
            stencil = Stencil.of(_tree_texts(elements, marks, [place(index) for index in range(len(numbers))]))
            known = self._stencils[id(elements)] = (elements, marks, stencil)
        return known[2].filled(numbers)

    def add_blank_page(self) -> None:
        """A page with nothing on it, not even a number."""
        self._add_page(MarkedPage("", (), ()), A4)

    def finish(self) -> FinishedPdf:
        """The whole document, complete for PDF/UA-1. Nothing can be added afterwards."""
        self._root.object.text = (
            f"<</Type /StructTreeRoot /K {self._document_element.number} 0 R"
            f" /ParentTree {self._parents.number} 0 R /ParentTreeNextKey {self.page_count}>>"
        )
        self._document_element.object.text = (
            f"<</S /Document /P {self._root.number} 0 R /K [{_references(self._sections)}]>>"
        )
        pairs = " ".join(f"{number} [{marks}]" for number, marks in enumerate(self._page_parents))
        self._parents.object.text = f"<</Nums [{pairs}]>>"
        self._doc.Catalog.StructTreeRoot = self._root.object
        self._doc.Catalog.Metadata = pdfdoc.PDFStream(
            pdfdoc.PDFDictionary({"Type": pdfdoc.PDFName("Metadata"), "Subtype": pdfdoc.PDFName("XML")}),
            content=_xmp(self._title_text, self._language),
        )
        self._doc.Catalog.MarkInfo = self._register(_Raw("<</Marked true>>")).object
        data: bytes = self.getpdfdata()
        return FinishedPdf(data, _counted_pages(data))

    def _add_page(self, page: MarkedPage, size_pt: tuple[float, float]) -> int:
        """The object number of the new page."""
        resources = self._resources.get(page.forms)
        if resources is None:
            # The list of all pages may be numbered only now.
            resources = self._resources[page.forms] = self._resources_of(page.forms)
        number: int = self._doc.objectcounter + 2
        text = (
            f"<</Type /Page {resources} /MediaBox [0 0 {size_pt[0]:.4f} {size_pt[1]:.4f}]"
            f" /Contents {number - 1} 0 R /StructParents {len(self._page_parents)} /Tabs /S>>"
        )
        self._runs.add_run((page_stream(page.code + "\n"), text.encode("ascii")))
        self._runs.add_page_of_run(number)
        self._page_parents.append("")
        return number

    def _resources_of(self, forms: tuple[str, ...]) -> str:
        """What pages that draw the same forms have in common: the list they stand in, and what they draw with."""
        tree = self._tree
        named = " ".join([f"/{name} {self._number(name)} 0 R" for name in map(self._doc.getXObjectName, forms)])
        drawn = f"/XObject <<{named}>> " if named else ""
        fonts = self._number(pdfdoc.BasicFonts)
        return f"/Parent {tree} 0 R /Resources <</Font {fonts} 0 R {drawn}/ProcSet [/PDF /Text]>>"

    @property
    def _tree(self) -> int:
        """The number of the list of all pages."""
        return self._number(self._doc.Reference(self._doc.Pages).name)

    def _number(self, name: str) -> int:
        number: int = self._doc.idToObjectNumberAndVersion[name][0]
        return number

    def _adopt(self, made: TakenApart) -> Mapping[int, int]:
        """Give every object of another engine's file a number here, once for all its letters."""
        known = self._adopted.get(id(made))
        if known is not None:
            return known.numbers
        tree = self._tree
        things = {number: self._register(_Raw()) for number in made.parts if number not in made.left_behind}
        numbers = {made.page_tree: tree, **{number: thing.number for number, thing in things.items()}}
        known = _Adopted(made, numbers, {number: thing.object for number, thing in things.items()})
        self._adopted[id(made)] = known
        apart = {kid for kid, _ in made.top} | set(made.pages)
        for number in things.keys() - apart:
            self._fill(made, number, numbers)
        return numbers

    def _fill(self, made: TakenApart, number: int, numbers: Mapping[int, int]) -> None:
        """Write one object of another engine's file with our numbers, its roles said in the standard's own words."""
        part = made.parts[number]
        text = renumbered(part.text, numbers.__getitem__)
        if text.startswith(b"<</Type/StructElem"):
            text = _ROLE.sub(lambda found: b"/S/" + made.roles.get(found[1], found[1]), text, count=1)
        self._adopted[id(made)].objects[number].made = text + part.stream

    def _add_page_made(self, made: TakenApart, at: int, numbers: Mapping[int, int]) -> None:
        number = made.pages[at]
        self._fill(made, number, numbers)
        page = self._adopted[id(made)].objects[number]
        page.made = _PARENTS.sub(b"/StructParents %d" % len(self._page_parents), page.made)
        self._doc.Pages.addPage(page)
        self._doc.pageCounter += 1
        marks = renumbered(made.parts[made.marks[at]].text.strip(b"[]"), numbers.__getitem__)
        self._page_parents.append(marks.decode("ascii"))

    def _speaks(self, language: str) -> str:
        return f"/Lang ({language})" if _LANGUAGE_TAG.fullmatch(language) and language != self._language else ""

    def _register(self, thing: _Raw) -> _Numbered:
        self._doc.Reference(thing)
        return _Numbered(self._doc.objectcounter, thing)


@dataclass(frozen=True, slots=True)
class _Numbered:
    number: int
    object: _Raw


@dataclass(frozen=True, slots=True)
class _Adopted:
    """Another engine's file, kept so that nothing else can be taken for it, and its objects here by its numbers."""

    made: TakenApart
    numbers: Mapping[int, int]
    objects: Mapping[int, _Raw]


def _references(numbers: Iterable[int | str]) -> str:
    return " ".join([f"{number} 0 R" for number in numbers])


def _tree_texts(
    elements: Sequence[Element], marks: list[tuple[int, ...]], numbers: Sequence[int | str]
) -> Iterator[str]:
    """The section and its elements as text. `numbers`: of the section, then of the elements, then of the pages."""
    content: dict[int, tuple[tuple[int | str, int], ...]] = {}
    for at, page in enumerate(marks, start=1 + len(elements)):
        for mark, index in enumerate(page):
            content[index] = (*content.get(index, ()), (numbers[at], mark))
    children: dict[int, list[int | str]] = {}
    for index, element in enumerate(elements, start=1):
        children.setdefault(element.parent, []).append(numbers[index])
    yield f"<</S /Sect {_SECTION.decode()}/K [{_references(children.get(ROOT, ()))}]>>"
    for index, element in enumerate(elements):
        yield _element_text(element, numbers[element.parent + 1], content.pop(index, ()), children.pop(index, ()))


def _element_text(
    element: Element, parent: int | str, content: Sequence[tuple[int | str, int]], children: Sequence[int | str]
) -> str:
    head = f"<</S /{element.role} /P {parent} 0 R {element.attributes}"
    if not content:
        return f"{head}/K [{_references(children)}]>>" if children else f"{head}>>"
    page = content[0][0]
    if len(content) == 1 and not children:
        return f"{head}/Pg {page} 0 R /K {content[0][1]}>>"
    kids = " ".join(
        str(mark) if number == page else f"<</Type /MCR /Pg {number} 0 R /MCID {mark}>>" for number, mark in content
    )
    return f"{head}/Pg {page} 0 R /K [{kids} {_references(children)}]>>"


def marked(role: str, mark: int, code: str) -> str:
    """`code` as content number `mark` of its page."""
    return f"/{role} <</MCID {mark}>> BDC\n{code}\nEMC"


def decoration(code: str) -> str:
    """`code` as something a reader need not hear: rules, fold marks, page numbers."""
    return f"/Artifact BMC\n{code}\nEMC"


def _counted_pages(data: bytes) -> int:
    """The pages of the finished file, counted by a library that did not write it."""
    with pypdfium2.PdfDocument(data) as pdf:
        return len(pdf)


def _xmp(title: str, language: str) -> bytes:
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"><pdfuaid:part>1</pdfuaid:part>'
        f'<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{escape(title)}</rdf:li></rdf:Alt></dc:title>'
        f"<dc:language><rdf:Bag><rdf:li>{escape(language)}</rdf:li></rdf:Bag></dc:language>"
        '</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
    ).encode()
