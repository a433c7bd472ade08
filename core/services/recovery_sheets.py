"""The four sheets of paper of a recovery group: three share sheets and one organisation sheet, as PDF files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from core.crypto.words import comparison_words
from core.foundation.errors import FileUnreadable, NoCodeInPicture
from core.letters.render.sheet import (
    SheetBlanks,
    SheetGroups,
    SheetHeading,
    SheetPart,
    SheetSquare,
    SheetText,
    render_sheet,
)
from core.squares.making import square_of
from core.squares.reading import texts_in
from core.sync.engine.boot import OrganisationSheet, sheet_words
from core.sync.engine.recovery import RecoveryGroup

PER_ROW = 4
_SQUARE_MM = 42.0
_SIGNED = ("Received by", "Date", "Signature", "Witness")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet. `file_name` says nothing of the organisation or of who keeps it; `keeper` does, on screen only."""

    title: str
    keeper: str
    file_name: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class SheetGround:
    """What every sheet of one edition says of itself."""

    organisation: str
    root_hash: bytes
    made_on: str


def share_sheets(group: RecoveryGroup, shares: Sequence[str], ground: SheetGround) -> tuple[Sheet, ...]:
    """A sheet for each holder, in order.

    Raises:
        GlyphsMissing: a name cannot be printed.
    """
    made = []
    for number, (holder, words) in enumerate(zip(group.holders, shares, strict=True), start=1):
        title = f"Recovery sheet {number} of {len(shares)}"
        parts: list[SheetPart] = [
            SheetText(_of_group(group, ground), bold=True),
            SheetText(f"Kept by {holder.name}. {_check_words(ground)}"),
            SheetText(
                "2 sheets of 3 open every case of this group. One alone opens nothing. Keep it where nobody else can"
                " read or photograph it, away from the other sheets and from the organisation sheet. Never type it"
                " anywhere but in this program, when sheets are tried out or when laptops are lost."
            ),
            SheetGroups(_numbered(words), PER_ROW),
            SheetSquare(square_of(words.upper()).rows, "The words of this sheet as a square code", _SQUARE_MM),
            SheetBlanks(_SIGNED),
        ]
        made.append(
            Sheet(title, holder.name, f"recovery-sheet-{number}-of-{len(shares)}.pdf", _drawn(title, parts, group))
        )
    return tuple(made)


def organisation_sheet(group: RecoveryGroup, sheet: OrganisationSheet, ground: SheetGround) -> Sheet:
    """The sheet for the organisation's safe.

    Raises:
        GlyphsMissing: a name cannot be printed.
    """
    words = sheet_words(sheet)
    parts: list[SheetPart] = [
        SheetText(_of_group(group, ground), bold=True),
        SheetText(
            f"For the safe of the organisation, apart from the recovery sheets. {_check_words(ground)} If every laptop"
            " is lost: this sheet, two recovery sheets and any copy of the shared folder bring every case of this group"
            " back. This sheet alone opens nothing."
        ),
        SheetHeading("How"),
        SheetText(
            "On a laptop with the program, choose: We have lost our laptops. It asks for the folder, the words of two"
            " recovery sheets, and the words below."
        ),
        SheetGroups(_numbered(words), PER_ROW),
        SheetSquare(square_of(words.upper()).rows, "The words of this sheet as a square code", _SQUARE_MM),
        SheetBlanks(_SIGNED),
    ]
    title = "Organisation sheet"
    return Sheet(title, "The organisation's safe", "organisation-sheet.pdf", _drawn(title, parts, group))


def words_in_file(path: Path) -> str:
    """The words of a sheet out of its PDF, a photograph of its square code, or a text file.

    Raises:
        FileUnreadable: missing, not permitted, or too large.
        NoCodeInPicture: there is no code in it that can be read.
    """
    if path.suffix.casefold() == ".txt":
        try:
            return path.read_text(encoding="utf-8")[:4_000]
        except (OSError, UnicodeDecodeError) as error:
            raise FileUnreadable(path=str(path), reason="it cannot be read as text") from error
    found = texts_in(path)
    if not found:
        raise NoCodeInPicture()
    return found[0].casefold()


def _drawn(title: str, parts: Sequence[SheetPart], group: RecoveryGroup) -> bytes:
    return render_sheet(title, parts, foot=f"{group.name}, edition {group.edition}")


def _of_group(group: RecoveryGroup, ground: SheetGround) -> str:
    return (
        f"{ground.organisation}\nGroup: {group.name} (number {group.group[:4].hex().upper()}), edition {group.edition},"
        f" made on {ground.made_on}"
    )


def _check_words(ground: SheetGround) -> str:
    return f"The organisation's words are: {' '.join(comparison_words(ground.root_hash))}."


def _numbered(words: str) -> tuple[str, ...]:
    return tuple(f"{number}. {word}" for number, word in enumerate(words.split(), start=1))

