"""What was chosen and typed for a letter, as it is kept in a draft. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from core.foundation.ids import RecordId
from core.services.case_letter_page import CaseLetterForm

DRAFT_KIND = "case-letter"


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """The page as it stands. `values` by field, a day as YYYY-MM-DD or as it was typed."""

    template: str = ""
    language: str = ""
    party: str = ""
    letter_format: str = ""
    audience: str = ""
    addressee: str = ""
    address: str = ""
    letter_date: str = ""
    needed: tuple[str, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)


def draft_name(case: RecordId) -> str:
    """Under which name it is kept."""
    return f"{DRAFT_KIND}:{case.hex()}"


def to_text(typed: Typed) -> str:
    """As text; empty if no document was chosen."""
    if not typed.template:
        return ""
    said = {name: getattr(typed, name) for name in typed.__slots__}
    return json.dumps({**said, "needed": list(typed.needed), "values": dict(typed.values)})


def from_text(text: str) -> Typed:
    """Back again; what cannot be read is left out."""
    try:
        said = json.loads(text)
        values = {str(name): str(value) for name, value in said.pop("values").items()}
        needed = tuple(str(name) for name in said.pop("needed"))
        return Typed(**{str(name): str(value) for name, value in said.items()}, needed=needed, values=values)
    except (ValueError, KeyError, TypeError, AttributeError):
        return Typed()


def form_of(typed: Typed, case: RecordId) -> CaseLetterForm:
    """What the service is asked for."""
    return CaseLetterForm(
        case=case, template=typed.template, language=typed.language,
        party=RecordId(bytes.fromhex(typed.party)) if typed.party else None, letter_format=typed.letter_format,
        audience=typed.audience, addressee=typed.addressee, address=typed.address,
        letter_date=date.fromisoformat(typed.letter_date) if typed.letter_date else None,
        values={name: value for name, value in typed.values.items() if value},
    )  # fmt: skip
