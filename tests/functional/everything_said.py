"""Acts like two people for a day, writing a marked word into every text there is.

`python -m tests.functional.everything_said ROOT`: makes ROOT/ana, ROOT/ben, ROOT/shared, ROOT/backup; says "open" while
both vaults are open, waits for a line, says "locked" once they are locked. What it wrote may be found nowhere.
"""

from __future__ import annotations

import contextlib
import itertools
import logging
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from core.crypto.kdf import FLOOR_MEMORY_KIB, KdfCost
from core.domain.catalogue import RECORD_TYPES
from core.domain.declare import Kind
from core.domain.estate import Home
from core.foundation.errors import AppError
from core.foundation.ids import RecordId
from core.services import (
    attachment_copies,
    attachments,
    audit,
    backups,
    cases,
    casework,
    closing,
    contacts,
    drafts,
    history,
    homes,
    notes,
    reviews,
    sync,
    today,
)
from core.services.attachments import AttachmentForm, GivenFile
from core.services.cases import ReportForm
from core.services.closing import ProposalForm
from core.services.contacts import ContactForm
from core.services.opening import FoundingForm, found_organisation, lock, unlock
from core.services.organisation import update_organisation
from core.services.reviews import ReviewForm
from core.services.workspace import Parts, Workspace
from core.vault.keyslot import write_keyslot
from tests.support.dice import SeededRandomness
from tests.support.vaults import CHEAP, NOON, TestClock
from tests.support.workspaces import PASSPHRASE, join_cheaply

STEM = "qzvxwalrus"
"""Every marked word begins like this, so that one search finds any of them."""
_TEXTS = (Kind.TEXT, Kind.LONG_TEXT, Kind.TEXTS)


class Marks:
    """A new marked word each time it is asked; spoken of in a sentence of its own."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)

    def word(self) -> str:
        return f"{STEM}{next(self._numbers):05d}"

    def said(self, times: int = 3) -> str:
        return " ".join(f"they said {self.word()} to her" for _ in range(times))


def homes_list(path: Path, marks: Marks) -> Path:
    heading = "Flat,House number,Street,Town,Postcode,Block,Tenant name,Landlord reference,Language,Notes"
    rows = [
        f"{n},{n},{marks.word()} Road,{marks.word()},ZZ1 1AA,{marks.word()} Court,{marks.word()} {marks.word()},"
        f"{marks.word()},Welsh,{marks.said()}"
        for n in range(1, 41)
    ]
    path.write_text("\n".join([heading, *rows, f"rubbish {marks.word()}"]), encoding="utf-8")
    return path


def a_day(ana: Workspace, marks: Marks, root: Path, elsewhere: Path) -> None:
    clock = ana.parts.clock
    preview = homes.preview_import(ana, path=homes_list(elsewhere / "list.csv", marks))
    homes.import_homes(ana, preview=preview)
    home = ana.store.select(Home, limit=1)[0]
    update_organisation(ana, phone=marks.word(), address=marks.said(1), out_of_hours=marks.word())
    drafts.save_draft(ana, name=cases.REPORT_DRAFT, body=marks.said(400))
    logged = cases.log_report(ana, form=a_full_report(marks, home.id, clock.now()))
    case = logged.case
    for size in (5, 500, 5_000):
        drafts.save_draft(ana, name=notes.note_draft(case), body=marks.said(size))
        notes.add_note(ana, case=case, body=marks.said(size))
    drafts.save_draft(ana, name=notes.note_draft(case), body=marks.said(300))
    contacts.record_contact(
        ana, form=ContactForm(case=case, at=clock.now(), way="call", outcome="spoke", notes=marks.said())
    )
    casework.report_graffiti(ana, case=case, place=marks.said(1), notified_at=clock.now())
    casework.ask_police(ana, case=case, asked_of=marks.word(), reference=marks.word())
    casework.tell_association(ana, case=case, sent_to=marks.word(), words=marks.said())
    reviews.review_case(
        ana, form=ReviewForm(case=case, findings=marks.said(), keep_open=True, risk_not_because=marks.said(1))
    )
    casework.judge_handling(ana, case=case, handling="harassment", reasons=marks.said(), evidence=marks.said())
    closing.propose_closing(ana, form=ProposalForm(case=case, reason=marks.said(), outcome="stopped"))
    _every_field_there_is(ana, marks, logged)
    _files(ana, marks, case, elsewhere)
    today.today(ana)
    for words in (STEM, f"{STEM}00042", "nothing of the kind"):
        cases.list_cases(ana, words=words)
        homes.find_homes(ana, words=words)
    cases.open_case(ana, case=case)
    history.history_of_case(ana, case=case)
    _things_that_go_wrong(ana, marks, elsewhere)
    sync.sync_now(ana)
    backups.backup(ana, destination=root / "backup" / "monday.imani")
    ana.store.rebuild()


def _files(ana: Workspace, marks: Marks, case: RecordId, elsewhere: Path) -> None:
    """Attached from the disk and from the clipboard, looked at, saved outside, refused, removed."""
    letter = elsewhere / f"{marks.word()}.txt"
    letter.write_text(marks.said(20_000), encoding="utf-8")
    form = AttachmentForm("letter", about=marks.said(1), taken_by=marks.word())
    for given in (GivenFile(letter), GivenFile(data=marks.said(40).encode(), name=f"{marks.word()}.txt")):
        made = attachments.attach(ana, case=case, given=given, form=form).attachment
        attachment_copies.open_for_view(ana, attachment=made)
        copy = elsewhere / f"copy-{made.hex()}"
        attachment_copies.save_copy(ana, attachment=made, destination=copy, original=True)
        for place, original in ((elsewhere / "not" / "there", True), (elsewhere / "unclean", False)):
            with contextlib.suppress(AppError):
                attachment_copies.save_copy(ana, attachment=made, destination=place, original=original)
    attachments.remove_attachment(ana, attachment=made)
    attachments.list_attachments(ana, case=case)


def a_full_report(marks: Marks, home: Any, now: Any) -> ReportForm:
    free = {
        name: marks.said() if name == "words" else marks.word()
        for name in (
            "words", "reporter_name", "harmed_name", "place", "summary", "happened_text", "perpetrator_name", "phone",
            "email", "safe_times", "if_someone_else_answers", "officer_wanted", "graffiti_place", "format_needed",
        )
    }  # fmt: skip
    return ReportForm(
        received_at=now - timedelta(hours=1), danger_now=True, reporter_is_harmed=False, home=home,
        safe_ways=frozenset({"call"}), unsafe_ways=frozenset({"letter"}), acts=frozenset({"racist"}),
        strands=frozenset({"race"}), perpetrator_known="named", **free,
    )  # fmt: skip


def _every_field_there_is(ana: Workspace, marks: Marks, logged: cases.CaseLogged) -> None:
    """What no service writes yet is written by the store, so that no field is left out."""
    stream = ana.store.get(cases.Case, logged.case).stream
    audit.note_case(ana, case=logged.case, deed="print", subject=marks.said(1), reason=marks.said(1))
    with ana.store.unit("everything") as (unit, _):
        for kind in (kind for kind in RECORD_TYPES if not kind.SPEC.append_only):
            values = {
                name: [marks.word(), marks.word()] if spec.kind.many else marks.said(2)
                for name, spec in kind.SPEC.fields.items()
                if spec.kind in _TEXTS and name != "policy_pack"
            }
            if values and not kind.SPEC.append_only:
                record = unit.create(kind, stream, **values)
                again = {name: marks.word() for name in values if not kind.SPEC.fields[name].kind.many}
                unit.update(kind, record, **again)


def _things_that_go_wrong(ana: Workspace, marks: Marks, elsewhere: Path) -> None:
    """Errors carry fields; whatever catches them may log them."""
    failures = [
        lambda: homes.preview_import(ana, path=elsewhere / "absent.csv"),
        lambda: cases.log_report(ana, form=ReportForm(words=marks.said(), received_at=NOON, danger_now=None)),
        lambda: notes.add_note(ana, case=b"x" * 16, body=marks.said()),
        lambda: cases.find_case(ana, reference=marks.word()),
        lambda: ana.store.sql_that_is_not_there(marks.word()),  # type: ignore[attr-defined]  # a bug, on purpose
    ]
    for failure in failures:
        try:
            failure()
        except (AppError, AttributeError) as error:
            logging.getLogger("imani").warning("%s %r", type(error).__name__, error)


def main(root: Path, elsewhere: Path) -> None:
    logging.basicConfig(level=logging.DEBUG, stream=sys.stderr)
    logging.getLogger("sqlalchemy").setLevel(logging.INFO)  # every statement, as somebody hunting a fault would have it
    marks, clock = Marks(), TestClock()
    (root / "shared").mkdir()
    form = FoundingForm(f"{marks.word()} Homes", f"Ana {marks.word()}", "AB", marks.word(), PASSPHRASE)
    parts = Parts(clock, SeededRandomness(7))
    ana = found_organisation(root / "ana", form, parts=parts, cost=KdfCost(FLOOR_MEMORY_KIB))
    write_keyslot(root / "ana", ana.keys, PASSPHRASE, cost=CHEAP, randomness=parts.randomness)
    ben_parts = Parts(clock, SeededRandomness(8))
    ben = join_cheaply(
        ana, root / "ben", root / "shared", name=f"Ben {marks.word()}", role="officer", parts=ben_parts
    )
    a_day(ana, marks, root, elsewhere)
    sync.sync_now(ben)
    drafts.save_draft(ben, name="report", body=marks.said(100))
    case = cases.list_cases(ben).rows[0].row.id
    notes.add_note(ben, case=case, body=marks.said(50))
    sync.sync_now(ben)
    sync.sync_now(ana)
    for words in _heard_by(ben):
        assert STEM in words
    print("open", flush=True)
    sys.stdin.readline()
    for workspace in (ana, ben):
        lock(workspace)
    again = unlock(root / "ben", PASSPHRASE, parts=ben_parts)
    lock(again)
    print("locked", flush=True)


def _heard_by(ben: Workspace) -> Iterator[str]:
    """Ben really has what Ana wrote, or nothing was tried."""
    yield cases.list_cases(ben).rows[0].row.place
    yield drafts.list_drafts(ben)[0].body


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
