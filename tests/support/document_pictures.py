"""Draws the pictures of the documents for the user guide: `python -m tests.support.document_pictures docs/pictures`."""

from __future__ import annotations

import sys
from pathlib import Path

import pypdfium2 as pdfium
from PIL import Image

from core.letters.compose import compose
from core.letters.model import Layout, LetterFormat
from core.letters.render.pdf_engine import render_letter
from core.letters.templates import Template, shipped_templates
from tests.support.letter_pages import TEMPLATES
from tests.support.letter_values import OURS

PICTURE_H_PX, GAP_PX, PER_ROW = 520, 10, 6
TYPED = {
    "behaviour": "insults shouted on the stairs\nrubbish left at a door", "period": "the autumn of this year",
    "findings": "insults shouted on the stairs in October, which you admitted", "reply_by": "14 December 2026",
    "earlier_warnings": "3 May and 9 August 2026", "next_step": "asking the court for an injunction",
    "warning_until": "29 November 2027", "proportion": "It is serious, and talking did not help.",
    "plan_ours": "fit a new lock by 4 December\ncall on Tuesdays", "contact_way": "We text you, every Tuesday",
    "asked_for": "speak with your tenant\ntell us by whom and when", "closing_reasons": "Nothing more has happened.",
    "safe_ways": "By text message, weekdays until 3 pm.", "appointment_date": "Tuesday 8 December 2026",
    "appointment_time": "11 am", "appointment_place": "Our office, 12 Marsh Lane", "appeal_by": "14 December 2026",
    "appeal_received": "1 December 2026", "appeal_upheld": "yes", "decided_by": "the committee",
    "appeal_reasons": "The last report had not been looked into.", "transfer_granted": "yes",
    "transfer_reasons": "You can no longer live there safely.", "patrol_reason": "People do not feel safe there.",
    "area": "Marsh Lane", "child_name": "Sam", "tenant_name": "Robin Ash", "tenant_address": "3 Elm Row, Testford",
    "sharing_basis": "preventing crime", "agency_reason": "They would like to talk with somebody.",
    "visit_when": "on Monday at 4 pm", "account": "You told us that you had lost your temper.",
}  # fmt: skip


def values_of(template: Template) -> dict[str, str]:
    """Believable values for what the text needs; what it says only if it is known stays out, if nothing is here."""
    on_letters = {"date", "reference", "officer_name"} if template.use.layout is Layout.LETTER else set()
    wanted = template.fields() | {"organisation_name", "organisation_contact"} | on_letters
    known = {**TYPED, **OURS, "footer": ""}
    return {name: known[name] for name in wanted if name in known}


def first_page(template: Template) -> Image.Image:
    """The first page of a document, as high as every other."""
    with pdfium.PdfDocument(render_letter(compose(template, values_of(template)), LetterFormat.STANDARD)) as pdf:
        page: Image.Image = pdf[0].render(scale=1.4).to_pil()
    return page.resize((round(page.width * PICTURE_H_PX / page.height), PICTURE_H_PX))


def draw(folder: Path) -> Path:
    """All documents on one picture, in the order of their names."""
    templates = [one for one in shipped_templates(TEMPLATES) if one.identity.language == "en-GB"]
    pages = [first_page(one) for one in templates]
    wide = max(page.width for page in pages) + GAP_PX
    rows = -(-len(pages) // PER_ROW)
    whole = Image.new("RGB", (wide * PER_ROW + GAP_PX, rows * (PICTURE_H_PX + GAP_PX) + GAP_PX), "#c8ced2")
    for number, page in enumerate(pages):
        whole.paste(page, (GAP_PX + number % PER_ROW * wide, GAP_PX + number // PER_ROW * (PICTURE_H_PX + GAP_PX)))
    path = folder / "documents.png"
    whole.quantize(32).save(path, optimize=True)
    return path


if __name__ == "__main__":
    draw(Path(sys.argv[1]))
