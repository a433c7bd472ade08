"""A copy of the policy for whoever asks (policy 6.4, 6.5): usual print, large print, or plain text for translation,
Braille and audio, made by the same engine as every letter.

The words are the organisation's own text of its policy if it gave one; otherwise every clause in plain words, with the
numbers in force today.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from core.domain.governance import PolicyCopy, PolicyText
from core.foundation.errors import FormIncomplete, NotAllowed
from core.foundation.files import write_atomic
from core.foundation.ids import RecordId
from core.letters.model import Block, Heading, Letter, LetterFormat, Letterhead, Paragraph, Run
from core.letters.render.pdf_engine import render_letter
from core.letters.render.plain import plain_text
from core.services.forms import Problems
from core.services.governance import Kept
from core.services.organisation import organisation
from core.services.pack_changes import read_pack_file
from core.services.roster import roster_in
from core.services.workspace import Workspace
from core.store.store import table_of

MOST_TEXT = 200_000


@dataclass(frozen=True, slots=True)
class CopyMade:
    """Where the copy lies. `by_hand`: it is plain text for whoever makes Braille, audio, easy read or a translation."""

    path: str
    by_hand: bool


def policy_text_in_use(workspace: Workspace) -> PolicyText | None:
    """The organisation's own text of its policy, the newest; None: it gave none."""
    newest = workspace.store.select(PolicyText, order_by=(table_of(PolicyText).c.created_hlc.desc(),), limit=1)
    return newest[0] if newest else None


def use_policy_text(workspace: Workspace, *, path: Path, from_on: date | None) -> Kept:
    """Give the organisation's own text of its policy, from a text file.

    Raises:
        FormIncomplete: it is empty or too long, or has no day.
        FileUnreadable: missing, not permitted, or no text.
        NotAllowed: only an administrator may.
    """
    body = read_pack_file(path).strip()
    problems = Problems()
    problems.need(body, "path", "There is nothing in this file.")
    problems.need(len(body) <= MOST_TEXT, "path", f"This is longer than {MOST_TEXT:,} letters.")
    problems.need(from_on, "from_on", "Enter the day of this version.")
    problems.settle()
    with workspace.store.unit("use-policy-text") as (unit, outcome):
        if not roster_in(unit, workspace).is_administrator(workspace.user):
            raise NotAllowed()
        record = unit.create(
            PolicyText, workspace.organisation_stream, body=body, from_on=from_on,
            noted_at=workspace.parts.clock.now(), noted_by=workspace.user,
        )  # fmt: skip
    return Kept(record, outcome.changed)


def make_policy_copy(workspace: Workspace, *, copy: RecordId, path: Path) -> CopyMade:
    """Write a copy of the policy to a file, in the format that was asked for.

    Raises:
        FormIncomplete: no file was named.
        GlyphsMissing, TextDoesNotFit: the letter engine cannot draw it.
        FolderNotWritable, DiskFull: nothing was written.
    """
    found = workspace.store.get(PolicyCopy, copy)
    if not path.name:
        raise FormIncomplete(problems={"path": "Say where to put it."})
    letter = policy_letter(workspace, asked_by=found.asked_by)
    printed = {"standard": LetterFormat.STANDARD, "large-print": LetterFormat.LARGE_PRINT}.get(found.format)
    if printed is None:
        target = path.with_suffix(".txt")
        write_atomic(target, plain_text(letter).encode("utf-8"))
        return CopyMade(str(target), found.format != "plain-text")
    target = path.with_suffix(".pdf")
    write_atomic(target, render_letter(letter, printed))
    return CopyMade(str(target), False)


def policy_letter(workspace: Workspace, *, asked_by: str) -> Letter:
    """The policy as a letter to whoever asked for it."""
    landlord = organisation(workspace)
    identity = workspace.pack.identity
    contact = tuple(line for line in (*landlord.address.split("\n"), landlord.phone, landlord.email) if line.strip())
    greeting = Paragraph((Run(f"Dear {asked_by or 'resident'},"),))
    own = policy_text_in_use(workspace)
    blocks = _own_blocks(own.body) if own is not None else _blocks_of_pack(workspace)
    day = workspace.today
    return Letter(
        title=identity.title, language="en-GB", blocks=(greeting, *blocks),
        letterhead=Letterhead(landlord.letter_name or landlord.name, contact),
        address_lines=(asked_by or "A resident",), date_text=f"{day.day} {day:%B %Y}",
        closing=("Yours sincerely", landlord.letter_name or landlord.name),
    )  # fmt: skip


def _blocks_of_pack(workspace: Workspace) -> tuple[Block, ...]:
    pack = workspace.pack
    lead = (
        "You asked for a copy of our policy. These are its clauses in plain words, with the times that are in force "
        f"today. Reviewed {pack.identity.reviewed}, approved {pack.identity.approved}."
    )
    blocks: list[Block] = [Paragraph((Run(lead),))]
    for clause in pack.clauses:
        blocks.append(Heading(f"{clause.number} {clause.title}"))
        blocks.append(Paragraph((Run(clause.paraphrase),)))
    blocks.append(Heading("Times"))
    clocks = (
        ("We are in touch within", pack.clocks.first_contact),
        ("Offensive graffiti is gone within", pack.clocks.graffiti),
        ("An open case is reviewed every", pack.clocks.review), ("Time to appeal", pack.clocks.appeal),
        ("A survey is sent within", pack.clocks.survey),
        ("A copy of this policy is given within", pack.terms["policy_copy"]),
    )  # fmt: skip
    blocks += [Paragraph((Run(f"{words} {rule.term}."),)) for words, rule in clocks]
    return tuple(blocks)


def _own_blocks(body: str) -> tuple[Block, ...]:
    """Paragraphs parted by an empty line; a short line alone without a full stop is a heading."""
    blocks: list[Block] = []
    for part in (part.strip() for part in body.replace("\r\n", "\n").split("\n\n")):
        if part:
            alone = "\n" not in part and len(part) <= 80 and part[-1] not in ".,;:"
            blocks.append(Heading(part) if alone else Paragraph((Run(part),)))
    return tuple(blocks)
