"""A few made-up homes in one block and one street, and the details letters need."""

from __future__ import annotations

from pathlib import Path

from core.services.homes import HomesImported, import_homes, preview_import
from core.services.organisation import update_organisation
from core.services.workspace import Workspace

HEADINGS = "Ref,Flat,Building,House number,Street,Town,Postcode,Block,Tenant name,Language,Letter format"
HOMES = (
    "H1,1,Quill House,4,Amber Road,Testford,ZZ1 1AA,Quill House,Mrs Lena Moss,English,",
    "H2,2,Quill House,4,Amber Road,Testford,ZZ1 1AA,Quill House,Mr Idris Vale,Bengali,",
    "H3,3,Quill House,4,Amber Road,Testford,ZZ1 1AA,Quill House,Ms Ada Finch,English,Large print",
    "H4,4,Quill House,4,Amber Road,Testford,ZZ1 1AA,Quill House,Mx Rowan Teal,English,Braille",
    "H5,10,Quill House,4,Amber Road,Testford,ZZ1 1AA,Quill House,Mr Otto Lark,English,",
    "H6,,,7,Birch Lane,Testford,ZZ1 1AB,,Mrs Vera Stone,English,",
)
BAD_ROW = "H7,,,,,,,,Mr Nobody,English,"


def homes_list(path: Path, *rows: str) -> Path:
    """A CSV file with these rows; the six homes if none is given."""
    path.write_text("\n".join((HEADINGS, *(rows or HOMES))) + "\n", encoding="utf-8")
    return path


def with_estate(workspace: Workspace, folder: Path) -> HomesImported:
    """The six homes are in the workbook."""
    return import_homes(workspace, preview=preview_import(workspace, path=homes_list(folder / "homes.csv")))


def with_letterhead(workspace: Workspace) -> None:
    """Letters can be made."""
    update_organisation(
        workspace, address="1 Quay House, Testford, ZZ1 1ZZ", phone="01632 960111", email="help@tallow.example"
    )
