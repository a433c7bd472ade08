"""Codes on their way between two people or two laptops: read out of a picture, printed as a sheet."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from core.changes.hlc import from_ms
from core.domain.organisation import ROLES, Organisation
from core.foundation.errors import FormIncomplete, NoCodeInPicture
from core.foundation.files import write_atomic
from core.letters.render.sheet import (
    SheetBlanks,
    SheetGroups,
    SheetHeading,
    SheetPart,
    SheetSquare,
    SheetSteps,
    SheetText,
    render_sheet,
)
from core.policy.words import say_date
from core.services.organisation import my_member, organisation
from core.services.place import shared_folder
from core.services.places import refuse_own_folder, sync_program_over
from core.services.workspace import Workspace
from core.squares.making import square_of
from core.squares.reading import texts_in
from core.sync.engine import codes, pairing
from core.sync.engine import invitation as letters_in


class CodeKind(Enum):
    """What a code is for, told by its first word."""

    INVITATION = letters_in.PREFIX
    LAPTOP = pairing.PREFIX


@dataclass(frozen=True, slots=True)
class SheetSaved:
    """The sheet is a file that can be printed."""

    path: Path


def code_in_picture(*, path: Path, kind: CodeKind) -> str:
    """The code in a photograph, a screenshot or a saved sheet.

    Raises:
        FileUnreadable: there is no such file, or it is too large.
        NoCodeInPicture: no code of this kind can be read in it.
    """
    for text in texts_in(path):
        if text.upper().startswith(kind.value):
            return text
    raise NoCodeInPicture()


def save_invitation_sheet(workspace: Workspace, *, text: str, destination: Path) -> SheetSaved:
    """Write an invitation as a sheet to print: the square code, the text in groups, what to do, room for the words.

    Raises:
        InvitationRejected: `text` is no invitation.
        FormIncomplete: it would lie in the shared folder or be copied by a sync program, where others could use it.
        FolderNotWritable, DiskFull: nothing was written.
    """
    invited = letters_in.from_text(text)
    refuse_own_folder(workspace.folder, destination)
    shared = shared_folder(workspace)
    is_shared = shared is not None and shared.resolve() in destination.expanduser().resolve().parents
    if is_shared or sync_program_over(destination.parent):
        said = "Choose another place: whoever can see that folder could use the sheet."
        raise FormIncomplete(problems={"sheet": said})
    zone = workspace.pack.zone
    ends = from_ms(invited.expires_at_ms).astimezone(zone).date()
    last_day = say_date(ends, now=workspace.parts.clock.now(), zone=zone)
    parts = _parts(
        letters_in.to_text(invited), organisation(workspace), inviter=my_member(workspace).name,
        role=ROLES[invited.role], last_day=last_day,
    )  # fmt: skip
    write_atomic(destination, render_sheet("Invitation to the workbook", parts, foot="Keep this sheet to yourself"))
    return SheetSaved(destination)


def _parts(text: str, ours: Organisation, *, inviter: str, role: str, last_day: str) -> tuple[SheetPart, ...]:
    return (
        SheetText(f"From {inviter}, {ours.name}. It lets one person ask to join. Role: {role}. Last day: {last_day}."),
        SheetText(
            "Whoever has this sheet can ask to join. Keep it to yourself, and shred it when you have joined.", bold=True
        ),
        SheetHeading("What to do"),
        SheetSteps((
            "Start the program on your laptop and choose: Join one that uses it already.",
            "Photograph the square and open the picture there, or type the letters below it.",
            "Choose the folder your organisation shares, fill in the rest, and press Ask to join.",
            f"Your laptop shows eight words. Write them here and read them to {inviter}, by phone or face to face.",
            "They must see the same eight words. If one is different, stop and ask for a new invitation.",
        )),
        SheetSquare(square_of(text).rows, "The invitation as a square code. The letters say the same.", side_mm=50),
        SheetGroups(codes.to_groups(text), per_row=8),
        SheetHeading("The eight words on your laptop"),
        SheetBlanks(tuple(f"{number}." for number in range(1, 9)), columns=4),
    )  # fmt: skip
