"""Recovery sheets in tests: the words read back from the pages that were made."""

from __future__ import annotations

import re

import pypdfium2

from core.services.recovery_groups import GroupForm, HolderForm, PreparedGroup, begin_group, prepare_group
from core.services.workspace import Workspace

HOLDERS = (HolderForm("Mira Stone"), HolderForm("Tom Vale"), HolderForm("Joy Penn"))


def words_of_page(data: bytes) -> str:
    """The numbered words of a sheet, out of the text of its page."""
    with pypdfium2.PdfDocument(data) as pdf:
        assert len(pdf) == 1
        text = pdf[0].get_textpage().get_text_bounded()
    found = {int(number): word for number, word in re.findall(r"\b(\d{1,2})\. ([a-z]{4,8})\b", text)}
    assert sorted(found) == list(range(1, len(found) + 1)), text
    return " ".join(found[number] for number in sorted(found))


def sheets_of(prepared: PreparedGroup) -> tuple[str, str, str, str]:
    """Words of the three share sheets and of the organisation sheet."""
    first, second, third, organisation = (words_of_page(sheet.data) for sheet in prepared.sheets)
    return first, second, third, organisation


def begin(workspace: Workspace, form: GroupForm | None = None) -> tuple[PreparedGroup, tuple[str, str, str, str]]:
    """A whole ceremony: sheets made, two of them and the organisation sheet tried out, the group begun."""
    prepared = prepare_group(workspace, form or GroupForm("Officers of the co-op", HOLDERS))
    words = sheets_of(prepared)
    begin_group(workspace, prepared, first=words[0], second=words[2], organisation_words=words[3])
    return prepared, words
