"""A list of agencies as data (policy 4.14): brought into the directory, every wrong row named."""

from __future__ import annotations

from dataclasses import dataclass

from core.domain.agencies import AGENCIES
from core.policy.rows import Row, top_row

FORMAT = 1


@dataclass(frozen=True, slots=True)
class ListedAgency:
    """One row."""

    name: str
    kind: str
    area: str
    contact: str


def parse_agencies(text: str) -> tuple[ListedAgency, ...]:
    """Read a list.

    Raises:
        PolicyPackInvalid: not whole; the sentences name every row.
    """
    top = top_row(text, "the list of agencies", formats=FORMAT)
    found = top.each("agencies", _agency, called="name")
    top.nothing_else()
    names = [one.name.casefold() for one in found]
    for name in sorted({name for name in names if names.count(name) > 1}):
        top.noted.add(f"two of the agencies are the same: {name}")
    top.noted.settle()
    return found


def _agency(row: Row) -> ListedAgency:
    return ListedAgency(
        row.words("name"), row.one_of("kind", AGENCIES), row.words("area", may_be_empty=True),
        row.words("contact", may_be_empty=True),
    )  # fmt: skip
