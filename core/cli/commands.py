"""One function per command of `imani`: read the words, call the service, put the result into lines and data."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Iterator
from datetime import MINYEAR, UTC, datetime

from core.cli.console import ConsoleProgress, Output, read_passphrase
from core.cli.declaring import declared_case
from core.cli.exit_codes import WAITING
from core.crypto.kdf import KdfCost
from core.domain.case import STAGES
from core.domain.estate import Home
from core.foundation.errors import FormIncomplete, NotFound, WeakPassphrase
from core.foundation.system import SystemClock, SystemRandomness
from core.policy.words import say_moment
from core.services import backups, cases, downloads, duties, homes, lookup, opening, organisation
from core.services import sync as exchange
from core.services.declarations import declare
from core.services.workspace import Parts, Workspace

LETTER_DETAILS = ("address", "phone", "email", "website", "out_of_hours", "envelope")
"""What stands at the head and foot of letters."""

MOST_HOMES_NAMED = 5


def real_parts() -> Parts:
    """The real clock and dice: the command line is a composition root."""
    return Parts(SystemClock(), SystemRandomness())


def told() -> ConsoleProgress:
    """Progress on standard error."""
    return ConsoleProgress(sys.stderr)


@contextlib.contextmanager
def opened(options: argparse.Namespace) -> Iterator[Workspace]:
    """The workbook of `--vault`, locked again at the end whatever happens."""
    passphrase = read_passphrase(options.passphrase_file)
    workspace = opening.unlock(options.vault, passphrase, parts=real_parts())
    try:
        yield workspace
    finally:
        opening.lock(workspace)


def init(options: argparse.Namespace) -> Output:
    """Found an organisation."""
    passphrase = read_passphrase(options.passphrase_file, prompt="New passphrase: ", twice=True)
    form = opening.FoundingForm(
        organisation_name=options.organisation, your_name=options.name, initials=options.initials,
        job_title=options.job_title, passphrase=passphrase,
    )  # fmt: skip
    cost = KdfCost(options.kdf_memory_mib * 1024)
    try:
        workspace = opening.found_organisation(options.vault, form, parts=real_parts(), cost=cost)
    except WeakPassphrase:
        words = opening.suggest_passphrase(real_parts())
        print(f"Five words nobody could guess, if you like them: {words}", file=sys.stderr)
        raise
    try:
        if details := _details(options):
            organisation.update_organisation(workspace, **details)
    finally:
        opening.lock(workspace)
    return Output([f"{options.organisation} is set up in {options.vault}."], {"vault": str(options.vault)})


def organisation_details(options: argparse.Namespace) -> Output:
    """What letters say about the landlord; set first what was given."""
    with opened(options) as workspace:
        if details := _details(options):
            organisation.update_organisation(workspace, **details)
        known = organisation.organisation(workspace)
    said = {name: getattr(known, name) for name in ("name", *LETTER_DETAILS)}
    lines = [f"{name.replace('_', ' ').capitalize()}: {text or '(not set)'}" for name, text in said.items()]
    return Output(lines, said)


def _details(options: argparse.Namespace) -> dict[str, str]:
    return {name: text for name in LETTER_DETAILS if (text := getattr(options, name)) is not None}


def import_homes(options: argparse.Namespace) -> Output:
    """Bring in a list of homes, or say what would happen."""
    with opened(options) as workspace:
        preview = homes.preview_import(workspace, path=options.file, progress=told())
        plan = preview.plan
        if options.not_taken is not None:  # first: a folder that cannot be written is told before anything changes
            _refuse_source(options)
            homes.save_rows_not_taken(workspace, plan=plan, path=options.not_taken)
        if not options.dry_run:
            plan = homes.import_homes(workspace, preview=preview, progress=told()).plan
    matched = [
        f"Column {guess.heading!r} is read as {guess.field.replace('_', ' ')}."
        for guess in preview.match.columns
        if guess.field
    ]
    unread = [guess.heading for guess in preview.match.columns if not guess.field and guess.examples]
    if unread:
        matched.append(f"Not read: {', '.join(repr(heading) for heading in unread)}.")
    refused = [f"Line {row.line} not taken: {row.reason} ({row.text})" for row in plan.refused]
    looks = [f"Line {warning.line}: {warning.sentence}" for warning in plan.warnings]
    head = "Nothing was changed. It would be:" if options.dry_run else "Taken in:"
    counts = plan.counts
    return Output(
        [*matched, head, plan.summary, *refused, *looks, *plan.notes],
        {
            "dry_run": options.dry_run,
            "counts": {name: getattr(counts, name) for name in counts.__slots__},
            "refused": [{"line": row.line, "text": row.text, "reason": row.reason} for row in plan.refused],
            "warnings": [{"line": w.line, "code": w.code, "sentence": w.sentence} for w in plan.warnings],
            "notes": list(plan.notes),
        },
    )


def _refuse_source(options: argparse.Namespace) -> None:
    if options.not_taken.exists() and options.not_taken.resolve() == options.file.resolve():
        raise FormIncomplete(problems={"not_taken": "The rows not taken cannot be written over the list itself."})


def case_list(options: argparse.Namespace) -> Output:
    """Cases, newest first."""
    with opened(options) as workspace:
        duties.refresh_duties(workspace)
        page = (
            lookup.find_cases(workspace, words=options.search, limit=options.limit)
            if options.search
            else lookup.list_cases(workspace, limit=options.limit)
        )
        said = [_case_line(workspace, listed) for listed in page.rows]
    data = [
        {
            "reference": listed.row.reference, "summary": listed.row.summary, "place": listed.row.place,
            "stage": listed.row.stage, "opened_at": listed.row.opened_at, "next_due_at": listed.next_due_at,
            "next_due": listed.next_due,
        }
        for listed in page.rows
    ]  # fmt: skip
    return Output(said or ["There are no cases."], {"cases": data, "total": page.total})


def case_declare(options: argparse.Namespace) -> Output:
    """Say whether one is connected with anybody in a case."""
    with opened(options) as workspace:
        case = cases.find_case(workspace, reference=options.reference)
        declared = declare(workspace, case=case, connected=options.connected == "yes", how=options.how)
    said = "The case stays shut for you; whoever leads keeps you out." if declared.connected else "You can open it now."
    return Output([said], {"connected": declared.connected})


def case_show(options: argparse.Namespace) -> Output:
    """One case."""
    with opened(options) as workspace:
        file = cases.open_case(workspace, case=declared_case(workspace, options.reference))
        now, zone = workspace.parts.clock.now(), workspace.pack.zone
        case = file.case
        lines = [f"{case.reference}  {STAGES.get(case.stage, case.stage)}  {case.summary}"]
        lines += [f"  {duty.title}: {duty.why}" for duty in file.duties]
        if case.place:
            lines.append(f"  Where: {case.place}")
        lines += [f"  Still to ask: {ask}" for ask in file.still_to_ask]
        for entry in file.timeline:
            lines.append(f"  {say_moment(entry.at, now=now, zone=zone)}  {entry.title}  {entry.who}".rstrip())
            lines += [f"      {line}" for line in (*entry.body.splitlines(), *entry.detail.splitlines())]
    return Output(
        lines,
        {
            "reference": case.reference, "summary": case.summary, "stage": case.stage, "handling": case.handling,
            "place": case.place, "opened_at": case.opened_at,
            "duties": [
                {
                    "kind": duty.kind, "clause": duty.clause, "title": duty.title, "due_at": duty.due_at,
                    "state": duty.state, "why": duty.why,
                }
                for duty in file.duties
            ],
            "still_to_ask": list(file.still_to_ask),
            "timeline": [
                {"at": e.at, "title": e.title, "who": e.who, "body": e.body, "detail": e.detail} for e in file.timeline
            ],
        },
    )  # fmt: skip


def case_new(options: argparse.Namespace) -> Output:
    """Log a report."""
    with opened(options) as workspace:
        home = _home(workspace, options.home)
        form = cases.ReportForm(
            words=options.words, received_at=moment_of(options.received_at, workspace, "received_at"),
            danger_now=options.danger == "yes", channel=options.channel, reporter_name=options.name,
            anonymous=options.anonymous, home=home.id if home else None,
            place=options.place or (homes.address_of(home) if home else ""),
            safe_ways=frozenset(options.safe), unsafe_ways=frozenset(options.never),
        )  # fmt: skip
        logged = cases.log_report(workspace, form=form)
    where = [f"Where: {form.place}"] if form.place else []
    lines = [f"{logged.reference} saved.", *where, *(f"{duty.title}: {duty.why}" for duty in logged.duties)]
    return Output(
        lines,
        {"reference": logged.reference, "place": form.place, "duties": [duty.why for duty in logged.duties]},
    )


def sync(options: argparse.Namespace) -> Output:
    """Exchange work through the shared folder."""
    with opened(options) as workspace:
        if options.folder is not None:
            exchange.choose_folder(workspace, folder=options.folder)
        report = exchange.sync_now(workspace, everything=options.everything, answer=options.answer, progress=told())
    lines = [
        f"Sent {report.sent}, received {report.received}, waiting {report.waiting}, set aside {report.refused}.",
        *report.notices,
    ]
    if report.elsewhere is not None:
        brought = downloads.bring_down(elsewhere=report.elsewhere, progress=told())
        lines.append(f"Downloaded {brought.came} of {brought.asked} files that were only names here. Sync once more.")
    if report.question is not None:
        lines.append(f"{report.question.words} Answer with --put-back or --leave-lost.")
    return Output(
        lines,
        {
            "sent": report.sent, "received": report.received, "waiting": report.waiting, "refused": report.refused,
            "lost": report.question.files if report.question else 0, "notices": list(report.notices),
        },
        WAITING if report.question else 0,
    )  # fmt: skip


def backup(options: argparse.Namespace) -> Output:
    """Write everything to one sealed file."""
    with opened(options) as workspace:
        made = backups.backup(workspace, destination=options.file, progress=told())
    return Output(
        [f"Backup written to {made.path} ({made.size_bytes:,} bytes). It opens with today's passphrase."],
        {"file": str(made.path), "size_bytes": made.size_bytes},
    )


def restore(options: argparse.Namespace) -> Output:
    """Put a backup into an empty folder."""
    passphrase = read_passphrase(options.passphrase_file)
    folder = backups.restore(source=options.file, folder=options.vault, passphrase=passphrase, progress=told())
    return Output([f"The backup is whole, opens, and lies in {folder}."], {"vault": str(folder)})


def moment_of(text: str | None, workspace: Workspace, field: str) -> datetime:
    """The moment written in `text`, in the policy's time zone unless it names one.

    In the hour that comes twice in autumn the first is meant: its promises fall due sooner.
    """
    if not text:
        return workspace.parts.clock.now()
    try:
        given = datetime.fromisoformat(text)
        if len(text.strip()) <= len("2026-11-23") or given.year == MINYEAR:
            raise ValueError(text)
    except ValueError as error:
        said = "Write the time with its day, as 2026-11-23T18:40."
        raise FormIncomplete(problems={field: said}) from error
    if given.tzinfo:
        return given
    local = given.replace(tzinfo=workspace.pack.zone)
    if local.astimezone(UTC).astimezone(workspace.pack.zone).replace(tzinfo=None) != given:
        said = "There was no such time: the clocks went forward over it. Check the hour."
        raise FormIncomplete(problems={field: said})
    return local


def _home(workspace: Workspace, words: str) -> Home | None:
    """The one home these words mean. Never a guess: the wrong address in a case could send letters there.

    Raises:
        NotFound: no home has these words.
        FormIncomplete: several have, and none begins with them.
    """
    if not words.strip():
        return None
    found = homes.find_homes(workspace, words=words, limit=400)
    if not found:
        raise NotFound(what="home")
    wanted = _address_words(words)
    said = {home.id: _address_words(homes.address_of(home)) for home in found}
    # "1 Mill Road" is the house, not Flat 1 of another; "14 Mill Road" may be any of its flats.
    begins = [home for home in found if f"{said[home.id]} ".startswith(f"{wanted} ")]
    holds = [home for home in found if f" {wanted} " in f" {said[home.id]} "]
    meant = begins or holds or list(found)
    if len(meant) > 1:
        some = "; ".join(homes.address_of(home) for home in meant[:MOST_HOMES_NAMED])
        more = "" if len(meant) <= MOST_HOMES_NAMED else f"; and {len(meant) - MOST_HOMES_NAMED:,} more"
        raise FormIncomplete(problems={"home": f"Several homes match; write more of the address: {some}{more}."})
    return meant[0]


def _address_words(text: str) -> str:
    return " ".join("".join(letter if letter.isalnum() else " " for letter in text.casefold()).split())


def _case_line(workspace: Workspace, listed: cases.ListedCase) -> str:
    now, zone = workspace.parts.clock.now(), workspace.pack.zone
    due = f"{listed.next_due}: {say_moment(listed.next_due_at, now=now, zone=zone)}" if listed.next_due_at else ""
    row = listed.row
    return "  ".join(part for part in (row.reference, STAGES.get(row.stage, row.stage), row.summary, due) if part)
