"""What this computer makes by itself, and the Chinese typeface that is brought to it once (policy 6.5)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from core.letters import formats
from core.letters.render import font_pack
from core.services.forms import Problems
from core.services.workspace import Workspace


@dataclass(frozen=True, slots=True)
class FormatsHere:
    """Sentences about Braille, sound and Chinese. `taken`: files of the typeface that were just brought."""

    sentences: tuple[str, ...]
    chinese: bool
    taken: tuple[str, ...] = ()

    @property
    def taken_words(self) -> str:
        """What was found and kept; "" when nothing was brought."""
        return f"Found and kept on this computer: {' and '.join(self.taken)}." if self.taken else ""


def formats_here(workspace: Workspace) -> FormatsHere:
    """What was found on this computer beyond the program itself. It is not the vault that has it."""
    del workspace
    return FormatsHere(formats.extras_here(), formats.is_chinese_here())


def bring_typeface(workspace: Workspace, *, place: str) -> FormatsHere:
    """Copy the Chinese typeface from a folder to this computer.

    Raises:
        FormIncomplete: no folder, or there is none of that name.
        FontPackUnknown: the two weights are not there; nothing was copied.
        FolderNotWritable, DiskFull: it could not be kept.
    """
    problems = Problems()
    problems.need(place.strip(), "typeface", "Choose the folder the two files are in.")
    problems.settle()
    source = Path(place.strip()).expanduser()
    problems.need(source.exists(), "typeface", "There is no such folder. Check the spelling, or choose it.")
    problems.settle()
    taken = font_pack.bring_pack(source)
    here = formats_here(workspace)
    return FormatsHere(here.sentences, here.chinese, taken)
