"""`imani attach add | list | save`: files of a case."""

from __future__ import annotations

import argparse
from typing import Any

from core.cli.commands import moment_of, opened, told
from core.cli.console import Output
from core.cli.declaring import declared_case
from core.foundation.errors import FormIncomplete, NotFound
from core.services import attachments
from core.services.attachment_copies import save_copy
from core.services.attachments import AttachedFile, AttachmentForm, GivenFile
from core.services.workspace import Workspace

SHORT_HASH = 12


def add(options: argparse.Namespace) -> Output:
    """Attach a file to a case."""
    with opened(options) as workspace:
        case = declared_case(workspace, options.case)
        taken_at = moment_of(options.taken_at, workspace, "taken_at") if options.taken_at else None
        form = AttachmentForm(options.what, options.about, taken_at, options.taken_by)
        done = attachments.attach(
            workspace, case=case, given=GivenFile(options.file), form=form, progress=told()
        )
        row = attachments.get_attachment(workspace, attachment=done.attachment)
    said = f"{row.name} is in {options.case} already; nothing was stored twice." if done.already else (
        f"{row.name} is attached to {options.case}: {row.size_bytes:,} bytes, SHA-256 {row.sha256}."
    )  # fmt: skip
    return Output([said], {**_data(row), "already": done.already})


def show(options: argparse.Namespace) -> Output:
    """The files of a case."""
    with opened(options) as workspace:
        rows = attachments.list_attachments(workspace, case=declared_case(workspace, options.case))
    lines = [
        f"{row.sha256[:SHORT_HASH]}  {row.name}  {row.what}, {row.kind}, {row.size_bytes:,} bytes. {row.state_words}."
        for row in rows
    ]
    return Output(lines or ["There are no files."], {"files": [_data(row) for row in rows]})


def save(options: argparse.Namespace) -> Output:
    """Save a copy of a file outside the workbook."""
    with opened(options) as workspace:
        row = _meant(workspace, options.case, options.which)
        saved = save_copy(
            workspace, attachment=row.id, destination=options.into, original=options.original, progress=told()
        )
    how = "without location data" if saved.cleaned else "exactly as it was attached"
    return Output(
        [f"Saved {how}: {saved.path} ({saved.size_bytes:,} bytes). Anybody who gets at the copy can read it."],
        {"file": str(saved.path), "size_bytes": saved.size_bytes, "cleaned": saved.cleaned},
    )


def _meant(workspace: Workspace, reference: str, which: str) -> AttachedFile:
    """The one file whose name this is, or whose SHA-256 begins so. Never a guess.

    Raises:
        NotFound: there is none.
        FormIncomplete: there are several.
    """
    rows = attachments.list_attachments(workspace, case=declared_case(workspace, reference))
    wanted = which.strip().casefold()
    found = [row for row in rows if row.name.casefold() == wanted]
    if not found and len(wanted) >= 4:
        found = [row for row in rows if row.sha256.startswith(wanted)]
    if not found:
        raise NotFound(what="file")
    if len({row.sha256 for row in found}) > 1:
        said = f"Several files match. Write the first {SHORT_HASH} digits of the hash, as `attach list` shows them."
        raise FormIncomplete(problems={"which": said})
    return next((row for row in found if row.here), found[0])


def _data(row: AttachedFile) -> dict[str, Any]:
    return {
        "name": row.name, "what": row.what, "type": row.media_type, "size_bytes": row.size_bytes, "sha256": row.sha256,
        "about": row.about, "taken_at": row.taken_at, "taken_by": row.taken_by, "attached_at": row.attached_at,
        "attached_by": row.attached_by, "state": row.state.value,
    }  # fmt: skip
