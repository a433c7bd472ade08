"""One way of making the letters of an area, in a process of its own: `letter_ways.py WAY COUNT FOLDER`.

Prints one line of JSON: CPU seconds, greatest memory in MB, pages counted in what was written.
"""

from __future__ import annotations

import gc
import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pypdfium2
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate, Spacer

from core.domain.case import Case
from core.letters.model import Heading
from core.letters.render import fonts
from core.services.letters import AreaLettersForm, make_area_letters, plan_area_letters, start_area_letters
from core.services.opening import lock, unlock
from core.services.workspace import Parts
from tests.support.dice import SeededRandomness
from tests.support.letter_pages import sample_letter
from tests.support.vaults import NOON, TestClock
from tests.support.workspaces import PASSPHRASE, a_workspace, homes_csv, logged, with_homes, with_letterhead

STREETS = "Amber Birch Cedar Damson Elder Fern Gorse Hazel Iris Juniper Kestrel Larch".split()
TYPST_AT_ONCE = 200

_TYPST = """#let d = json(bytes(sys.inputs.data))
#set document(title: d.title)
#set page(paper: "a4", margin: (left: 24mm, right: 22mm, top: 20mm, bottom: 20mm))
#set text(lang: "en", size: 12pt)
#for (i, a) in d.addresses.enumerate() [
  #if i > 0 [#pagebreak()]
  #d.name
  #v(20mm)
  #for line in a [#line #linebreak()]
  #v(15mm)
  #d.date
  = #d.title
  #for p in d.parts [
    #if p.at(0) == "h" [== #p.at(1)] else [#p.at(1) #parbreak()]
  ]
]
"""


def parts() -> list[tuple[str, str]]:
    """The words of the letter: ("h", heading) or ("p", paragraph)."""
    letter = sample_letter()
    found = []
    for block in letter.blocks:
        kind = "h" if isinstance(block, Heading) else "p"
        found += [(kind, line) for line in block.plain.split("\n")]
    return [*found, *(("p", line) for line in letter.closing)]


def words() -> str:
    """The letter as JSON, for a way that cannot read our own text."""
    letter = sample_letter()
    said = {"title": letter.title, "name": letter.letterhead.name, "date": letter.date_text, "parts": parts()}
    return json.dumps(said, ensure_ascii=False)


def addresses(count: int) -> list[tuple[str, ...]]:
    """As in the list of homes ours is given."""
    return [
        ("The Resident", f"{n // 12 + 1} {STREETS[n % 12]} Road", "Testford", f"ZZ{n % 9 + 1} {n % 9 + 1}AA")
        for n in range(count)
    ]


def prepare(count: int, folder: Path) -> int:
    """The workbook with its homes and a case, as it stands long before anybody writes to an area."""
    with a_workspace(folder / "vault") as workspace:
        with_homes(with_letterhead(workspace), homes_csv(folder / "homes.csv", count))
        logged(workspace)
    spent(0.0)
    return 0


def ours(count: int, folder: Path) -> int:
    """Plan, check, record, make, count: everything an officer's press of the button does."""
    workspace = unlock(folder / "vault", PASSPHRASE, parts=Parts(TestClock(NOON), SeededRandomness(3)))
    try:
        (case,) = workspace.store.select(Case)
        gc.freeze()  # as the program and its command line do once they are loaded
        gc.set_threshold(20_000, 20, 20)
        begun = time.process_time()
        streets = frozenset(f"{street} Road" for street in STREETS)
        form = AreaLettersForm(case=case.id, streets=streets, person_consulted=True, reason="Measured")
        run = start_area_letters(workspace, plan=plan_area_letters(workspace, form=form)).run
        made = make_area_letters(workspace, run=run, folder=folder / "out")
        spent(begun)
    finally:
        lock(workspace)
    if made.made != count:
        raise SystemExit(f"{made.made} of {count} letters were made")
    return made.pages


def platypus(count: int, folder: Path) -> int:
    """What the library's manual shows: a paragraph for each paragraph, for each letter."""
    begun = time.process_time()
    fonts.drawable()
    where = fonts_folder()
    pdfmetrics.registerFont(TTFont("N", str(where[0])))
    pdfmetrics.registerFont(TTFont("B", str(where[1])))
    body = ParagraphStyle("body", fontName="N", fontSize=12, leading=15.5, spaceAfter=8)
    head = ParagraphStyle("head", fontName="B", fontSize=13, leading=16, spaceAfter=6)
    letter, story = sample_letter(), []
    for address in addresses(count):
        story += [Paragraph(letter.letterhead.name, head), Spacer(1, 25 * mm)]
        story += [Paragraph(line, body) for line in address]
        story += [Spacer(1, 10 * mm), Paragraph(letter.date_text, body), Paragraph(letter.title, head)]
        story += [Paragraph(text.replace("&", "&amp;"), head if kind == "h" else body) for kind, text in parts()]
        story.append(PageBreak())
    SimpleDocTemplate(str(folder / "letters.pdf"), pagesize=A4).build(story)
    spent(begun)
    return counted(folder / "letters.pdf")


def fonts_folder() -> tuple[Path, Path]:
    """The two faces letters are set in."""
    root = Path(__file__).resolve().parents[2] / "resources" / "fonts"
    found = sorted(root.rglob("NotoSans-*.ttf"))
    regular = next(path for path in found if "Regular" in path.name)
    return regular, next((path for path in found if "Bold" in path.name), regular)


def typst(count: int, folder: Path) -> int:
    """Two hundred letters a document; more at once takes gigabytes."""
    import typst as compiler

    begun = time.process_time()
    source, every = folder / "letter.typ", addresses(count)
    source.write_text(_TYPST, encoding="utf-8")
    said, pages = json.loads(words()), 0
    for start in range(0, count, TYPST_AT_ONCE):
        said["addresses"] = every[start : start + TYPST_AT_ONCE]
        path = folder / f"letters-{start}.pdf"
        compiler.compile(
            str(source), output=str(path), sys_inputs={"data": json.dumps(said)}, pdf_standards=["ua-1"],
            font_paths=[str(fonts_folder()[0].parent)],
        )  # fmt: skip
    spent(begun)
    for path in sorted(folder.glob("letters-*.pdf")):
        pages += counted(path)
    return pages


_cpu_s: list[float] = []


def spent(begun: float) -> None:
    """The work that counts is over."""
    _cpu_s.append(time.process_time() - begun)


def counted(path: Path) -> int:
    with pypdfium2.PdfDocument(path) as document:
        return len(document)


WAYS: dict[str, Callable[[int, Path], int]] = {"prepare": prepare, "ours": ours, "platypus": platypus, "typst": typst}


def main() -> None:
    way, count, folder = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
    pages = WAYS[way](count, folder)
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"cpu_s": _cpu_s[0], "peak_mb": peak_mb, "pages": pages}))


if __name__ == "__main__":
    main()
