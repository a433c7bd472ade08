"""Letters to try, and what can be read back out of a PDF: words, places, structure, a validator's view."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import page as pdf_validator
import pikepdf
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from PIL import Image

from core.letters.addresses import Zone
from core.letters.compose import compose
from core.letters.model import Letter
from core.letters.templates import newest_version

MM = 72 / 25.4
TEMPLATES = Path(__file__).resolve().parents[2] / "resources" / "templates"
ADDRESS = ("The Resident", "Flat 7", "Windrush House", "12 Marsh Lane", "Oxford", "OX3 0AB")


def sample_letter(
    *, address: Sequence[str] = ADDRESS, salutation: str = "Resident", reference: str = "", footer: str = "",
    officer: str = "", contact: Sequence[str] = ("12 Marsh Lane, Oxford OX3 0AA", "01865 496 0123"),
    organisation: str = "Imani Housing Co-operative",
) -> Letter:  # fmt: skip
    """The shipped area warning, filled for one made-up household."""
    return compose(
        newest_version(TEMPLATES, template_id="area-warning", language="en-GB"),
        {
            "salutation": salutation,
            "address": "\n".join(address),
            "date": "23 November 2026",
            "reference": reference,
            "organisation_name": organisation,
            "organisation_contact": "\n".join(contact),
            "phone": "01865 496 0123",
            "email": "hello@imani-housing.example",
            "report_web": "www.imani-housing.example/report",
            "officer_name": officer,
            "footer": footer,
        },
    )


@dataclass(frozen=True, slots=True)
class Mark:
    """One visible character: where its ink is, and its size in points."""

    text: str
    zone: Zone
    size_pt: float


def page_texts(data: bytes) -> list[str]:
    """The words of each page, in the order they are drawn, white space evened out."""
    document = pdfium.PdfDocument(data)
    try:
        return [" ".join(page.get_textpage().get_text_range().split()) for page in document]
    finally:
        document.close()


def page_lines(data: bytes) -> list[list[str]]:
    """The lines of each page."""
    document = pdfium.PdfDocument(data)
    try:
        return [page.get_textpage().get_text_range().splitlines() for page in document]
    finally:
        document.close()


def marks(data: bytes, page_index: int = 0) -> list[Mark]:
    """Every visible character of a page."""
    document = pdfium.PdfDocument(data)
    try:
        page = document[page_index]
        height = page.get_height()
        text = page.get_textpage()
        found = []
        for index in range(text.count_chars()):
            character = text.get_text_range(index, 1)
            if not character.strip():
                continue
            left, bottom, right, top = text.get_charbox(index)
            zone = Zone(left / MM, (height - top) / MM, right / MM, (height - bottom) / MM)
            found.append(Mark(character, zone, pdfium_c.FPDFText_GetFontSize(text.raw, index)))
        return found
    finally:
        document.close()


def picture(data: bytes, page_index: int = 0, *, dots_per_mm: int = 4) -> Image.Image:
    """The page as grey dots."""
    document = pdfium.PdfDocument(data)
    try:
        image: Image.Image = document[page_index].render(scale=dots_per_mm / MM).to_pil()
        return image.convert("L")
    finally:
        document.close()


def pdf_ua_failures(data: bytes) -> list[str]:
    """The PDF/UA-1 rules that an independent validator finds broken."""
    return [f"{one.rule_id}: {one.message}" for one in pdf_validator.validate_pdf_bytes(data, profile="ua1").failures]


def roles(data: bytes) -> list[str]:
    """The roles of the structure tree from top to bottom, in reading order."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        found: list[str] = []
        waiting = [pdf.Root.StructTreeRoot.K]
        while waiting:
            element = waiting.pop(0)
            if isinstance(element, pikepdf.Array):
                waiting = [*element, *waiting]
            elif isinstance(element, pikepdf.Dictionary) and "/S" in element:
                found.append(str(element.S)[1:])
                if "/K" in element:
                    waiting = [element.K, *waiting]
        return found


def structure_problems(data: bytes) -> list[str]:
    """Where the structure tree and the pages do not point at each other (ISO 32000-1 14.7.4.4)."""
    problems: list[str] = []
    with pikepdf.open(io.BytesIO(data)) as pdf:
        root = pdf.Root.StructTreeRoot
        numbers = list(root.ParentTree.Nums)
        parents = {int(numbers[i]): numbers[i + 1] for i in range(0, len(numbers), 2)}
        keys = [int(page.obj.StructParents) for page in pdf.pages]
        if sorted(keys) != sorted(parents) or len(set(keys)) != len(keys):
            problems.append(f"pages have {keys}, the parent tree has {sorted(parents)}")
        page_key = {page.obj.objgen: key for page, key in zip(pdf.pages, keys, strict=True)}
        claimed: set[tuple[int, int]] = set()
        waiting = [(root.K, root)]
        while waiting:
            element, parent = waiting.pop()
            if element.P.objgen != parent.objgen:
                problems.append(f"{element.S} does not name its parent {parent.get('/S', 'root')}")
            kids = element.get("/K", pikepdf.Array())
            for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
                if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
                    waiting.append((kid, element))
                    continue
                is_mark = isinstance(kid, pikepdf.Dictionary)
                place = (page_key[(kid.Pg if is_mark else element.Pg).objgen], int(kid.MCID if is_mark else kid))
                claimed.add(place)
                if parents[place[0]][place[1]].objgen != element.objgen:
                    problems.append(f"content {place} belongs to {element.S} and the parent tree says otherwise")
        drawn = {
            (key, int(one.operands[1].MCID))
            for page, key in zip(pdf.pages, keys, strict=True)
            for one in pikepdf.parse_content_stream(page)
            if str(one.operator) == "BDC" and "/MCID" in one.operands[1]
        }
        if claimed != drawn:
            problems.append(
                f"drawn and not in the tree: {drawn - claimed}; in the tree and not drawn: {claimed - drawn}"
            )
    return problems
