"""Values for every field a template may name, about made-up people."""

from __future__ import annotations

from core.letters.fields import FIELDS_BY_NAME, FieldSort
from core.letters.templates import Template

OURS = {
    "salutation": "Ms Quill", "address": "Ms A Quill\nFlat 7\nWindrush House\n12 Marsh Lane\nOxford\nOX3 0AB",
    "date": "29 November 2026", "reference": "L-3FA29C", "organisation_name": "Imani Housing Co-operative",
    "organisation_contact": "12 Marsh Lane, Oxford OX3 0AA\n01865 496 0123\nhello@imani.example",
    "phone": "01865 496 0123", "email": "hello@imani.example", "out_of_hours": "01865 496 0999",
    "report_web": "www.imani.example/report", "officer_name": "Amara Okoye", "officer_role": "Housing officer",
    "footer": "Registered no. 12345R", "in_england": "yes", "in_wales": "",
    "survey_questions": "1. Were we in touch?\n[ ] Yes\n[ ] No\nAnything else?\n____",
}  # fmt: skip


def values_for(template: Template) -> dict[str, str]:
    """Every field of a template filled, and what every letter has."""
    typed = {
        FieldSort.YES: "yes", FieldSort.DAY: "14 December 2026", FieldSort.LINE: "in a few words",
        FieldSort.LINES: "The first line of it.\nThe second line of it.",
    }  # fmt: skip
    found = {name: typed[FIELDS_BY_NAME[name].sort] for name in template.fields() if name not in OURS}
    return {**OURS, **found}
