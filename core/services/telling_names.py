"""Names of files and folders tell as much as letters: none says who a case is about (policy 4.31)."""

from __future__ import annotations

import re
from pathlib import Path

from core.domain.case import Case
from core.foundation.errors import FolderNotWritable
from core.letters.leak_guard import SecretKind, find_leaks, prepare
from core.services.letter_secrets import secrets_of_case
from core.services.workspace import Workspace

_TELLING = frozenset(
    {SecretKind.NAME, SecretKind.NICKNAME, SecretKind.FLAT, SecretKind.HOME, SecretKind.PHONE, SecretKind.EMAIL}
)


def what_a_name_tells(workspace: Workspace, *, case: Case, name: str) -> str:
    """What the name of a file or folder says about somebody in the case, as a sentence without its end; "" if nothing.

    The dots and lines that hold such a name together count as spaces, and small letters as capitals.
    """
    secrets = prepare([one for one in secrets_of_case(workspace, case, facts=False) if one.kind in _TELLING])
    words = " ".join(re.split(r"[\W_]+", re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=\D)(?=\d)", " ", name)))
    for text in (words, words.title()):
        for leak in find_leaks(f"About {text}", secrets):
            return f"its name says “{leak.found}”, {leak.secret.reason}"
    return ""


def refuse_telling_name(workspace: Workspace, *, case: Case, path: Path) -> None:
    """
    Raises:
        FolderNotWritable: the last part of the path says who the case is about; nothing was written.
    """
    told = what_a_name_tells(workspace, case=case, name=path.name)
    if told:
        raise FolderNotWritable(path=path.name, reason=f"{told}. Choose a name that tells nothing")
