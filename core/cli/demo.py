"""`imani demo`: the main job from end to end, on a made-up co-operative or on a real list of homes.

Three people on three laptops (three vaults) and one shared folder. Nothing here is special to the demo: every step
is the service an officer's click would call.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from core.cli.commands import real_parts, told
from core.cli.console import Output
from core.cli.figures import mirror_lines
from core.crypto.kdf import FLOOR_MEMORY_KIB, KdfCost
from core.exchange.tables import read_table
from core.foundation.errors import BugError, FormIncomplete, NotFound
from core.foundation.files import make_private_folder, write_atomic
from core.foundation.ids import RecordId, UserId
from core.foundation.system import SystemClock
from core.policy.words import say_moment
from core.services import (
    backups,
    cases,
    contacts,
    homes,
    joining,
    letter_approval,
    letters,
    opening,
    organisation,
    reach,
    today,
)
from core.services import sync as exchange
from core.services.demo import ADDRESS, EMAIL, LANDLORD, OUT_OF_HOURS, PHONE, fill_rota
from core.services.demo_cases import SCENES
from core.services.demo_past import FOUNDED_DAYS_AGO, Past, StoryClock, play
from core.services.figures import Asked, read_figures
from core.services.mirror import mirror_over_cases
from core.services.resources import resources_folder
from core.services.workspace import Parts, Workspace
from core.store.homebook import AreaRow

LARGEST_AREA_HOMES = 200
"""The demo warns one street or block, not a whole town."""
MOST_LINES = 8
PAST_HOMES = 7
MOST_CASES = 8
SCREENSHOT_TIMEOUT_S = 180


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in the demo. Names are invented."""

    name: str
    initials: str
    job_title: str
    role: str
    folder: str


AMARA = Person("Amara Osei", "AO", "Housing Officer", "administrator", "laptop-amara")
BEN = Person("Ben Whitlock", "BW", "Coop Development Worker", "officer", "laptop-ben")
CAROL = Person("Carol Finch", "CF", "Committee member", "committee", "laptop-carol")


class Story:
    """Tells what happens, step by step, and remembers every file it made."""

    def __init__(self, folder: Path, parts: Parts, *, quiet: bool) -> None:
        self.folder = folder
        self.parts = parts
        self.quiet = quiet
        self.lines: list[str] = []
        self.facts: dict[str, object] = {}
        self._began_s = time.perf_counter()
        self._number = 0

    def step(self, title: str) -> None:
        """Begin a numbered step."""
        self._number += 1
        self.say(f"\n{self._number}. {title}")

    def say(self, line: str) -> None:
        """One line, shown at once and kept for the summary."""
        self.lines.append(line)
        if not self.quiet:
            print(line, flush=True)

    def check(self, holds: object, what: str) -> None:
        """Prove a promise, or stop.

        Raises:
            BugError: it does not hold.
        """
        if not holds:
            raise BugError(rule=what)
        self.say(f"   checked: {what}")

    @property
    def seconds(self) -> float:
        """How long the story has run."""
        return time.perf_counter() - self._began_s


def run(options: argparse.Namespace) -> Output:
    """Play the whole story."""
    if options.homes is not None:
        read_table(options.homes)  # a list that cannot be read is told before anything is made
    folder = _fresh(options.into)
    clock = StoryClock(SystemClock())
    clock.begin(days_ago=FOUNDED_DAYS_AGO)
    parts = Parts(clock, real_parts().randomness)
    story = Story(folder, parts, quiet=options.json)
    passphrases = {person.name: opening.suggest_passphrase(parts) for person in (AMARA, BEN, CAROL)}
    write_atomic(folder / "passphrases-of-the-demo.txt", _sheet(passphrases))
    story.say(f"Demo in {folder}. Everybody in it is invented; the passphrases are in passphrases-of-the-demo.txt.")
    if options.homes is not None:
        story.say("The homes are those of your list: the report and the letters are made up, so keep them to yourself.")
    source = options.homes or resources_folder() / "demo" / "marsh-lane-homes.csv"
    with _laptops(story, passphrases) as (amara, ben, carol):
        _take_in_homes(story, amara, source)
        _months_before(story, clock, amara, ben, own_homes=options.homes is None)
        case = _log_and_contact(story, amara, carol.user)
        _warn_area(story, amara, ben, case, folder / "letters")
        _exchange(story, amara, ben, carol, case)
        _prove_wall(story, ben, carol, case, folder)
        _back_up(story, amara, folder, passphrases[AMARA.name])
    _show_window(story, options, folder / AMARA.folder, passphrases[AMARA.name])
    _list_files(story, folder)
    story.say(f"\nDone in {story.seconds:.0f} seconds.")
    return Output([], {"folder": str(folder), "lines": story.lines, **story.facts})


@contextmanager
def _laptops(story: Story, passphrases: dict[str, str]) -> Iterator[tuple[Workspace, Workspace, Workspace]]:
    """Amara founds the organisation; Ben and Carol join through the shared folder."""
    shared = story.folder / "shared-folder"
    make_private_folder(shared)
    cost = KdfCost(FLOOR_MEMORY_KIB)
    open_now: list[Workspace] = []
    try:
        story.step(f"{AMARA.name} founds {LANDLORD} on her laptop")
        amara = opening.found_organisation(
            story.folder / AMARA.folder,
            opening.FoundingForm(LANDLORD, AMARA.name, AMARA.initials, AMARA.job_title, passphrases[AMARA.name]),
            parts=story.parts, cost=cost,
        )  # fmt: skip
        open_now.append(amara)
        organisation.update_organisation(
            amara, letter_name=LANDLORD, address=ADDRESS, phone=PHONE, email=EMAIL, out_of_hours=OUT_OF_HOURS
        )
        exchange.choose_folder(amara, folder=shared)
        exchange.sync_now(amara)
        story.say("   passphrase: five words; the key file costs 64 MiB of memory per guess (256 MiB outside the demo)")
        for person in (BEN, CAROL):  # one after the other: a failure must still lock those already open
            joined = _join(story, amara, person, shared, passphrases[person.name], cost)
            open_now.append(joined)
        fill_rota(amara, amara.today)
        exchange.sync_now(amara)
        yield open_now[0], open_now[1], open_now[2]
    finally:
        for workspace in open_now:
            opening.lock(workspace)


def _join(
    story: Story, amara: Workspace, person: Person, shared: Path, passphrase: str, cost: KdfCost
) -> Workspace:
    story.step(f"{person.name} ({person.job_title}) joins from another laptop")
    issued = organisation.invite(amara, role=person.role, folder_hint="the shared folder")
    vault = story.folder / person.folder
    waiting = joining.ask_to_join(
        vault,
        joining.JoiningForm(issued.text, person.name, person.initials, person.job_title, passphrase, shared),
        parts=story.parts, cost=cost,
    )  # fmt: skip
    exchange.sync_now(amara)
    request = next(one for one in organisation.waiting_requests(amara) if one.name == person.name)
    story.say(f"   both screens show: {' '.join(waiting.words)}")
    story.check(request.words == waiting.words, "both laptops show the same eight words")
    organisation.admit(amara, request=request.id)
    exchange.sync_now(amara)
    return joining.finish_joining(vault, passphrase, parts=story.parts)


def _take_in_homes(story: Story, amara: Workspace, source: Path) -> None:
    story.step(f"{AMARA.name} brings in the list of homes: {source.name}")
    progress = told()
    preview = homes.preview_import(amara, path=source, progress=progress)
    for guess in preview.match.columns:
        if guess.field:
            story.say(f"   column {guess.heading!r} is read as {guess.field.replace('_', ' ')}")
    done = homes.import_homes(amara, preview=preview, progress=progress)
    counts = done.plan.counts
    story.say(f"   {done.plan.summary}")
    without = sum(warning.code == "no-postcode" for warning in done.plan.warnings)
    if without:
        story.say(f"   {without} homes have no postcode; they are taken, and named in the report")
    for row in done.plan.refused[:6]:
        story.say(f"   line {row.line} not taken: {row.reason}")
    rejects = homes.save_rows_not_taken(amara, plan=done.plan, path=story.folder / "rows-not-taken.csv")
    if done.plan.refused:
        story.say(f"   every row not taken is in {rejects.name}, with the reason")
    else:
        story.say("   every row with anything in it was taken")
    again = homes.preview_import(amara, path=source)
    story.check(not again.plan.new and not again.plan.updated, "taking the same file in again changes nothing")
    story.facts["homes"] = homes.count_homes(amara)
    story.facts["rows"] = {name: getattr(counts, name) for name in counts.__slots__}


def _months_before(story: Story, clock: StoryClock, amara: Workspace, ben: Workspace, *, own_homes: bool) -> None:
    """Cases of the months before, in the homes of the made-up estate; a real list's homes stay out of them."""
    story.step("The months before: made-up cases of every kind")
    area = _demo_area(amara)
    found = homes.find_homes(amara, words=area.name, limit=PAST_HOMES) if own_homes else ()
    some: list[RecordId | None] = [home.id for home in found]
    some = some or [None]
    past = Past(amara, ben, clock, tuple(some[place % len(some)] for place in range(PAST_HOMES)))
    count = play(past, SCENES)
    rows = mirror_over_cases(amara)
    story.say(f"   {count} cases. What somebody who looks into them from outside would find missing today:")
    for row in rows[:MOST_CASES]:
        story.say(f"   {mirror_lines(row)[0]}")
    story.check(any(row.to_mend for row in rows), "the mirror finds what is missing")
    counted = read_figures(amara, asked=Asked(committee=True))
    story.check(any(table.hides for table in counted.tables), "figures for the committee hide small numbers")
    story.facts["cases"] = count


def _log_and_contact(story: Story, amara: Workspace, walled: UserId) -> RecordId:
    now = story.parts.clock.now()
    told_at = now - timedelta(hours=3)
    area = _demo_area(amara)
    place = next(
        home for home in homes.find_homes(amara, words=area.name, limit=400) if area.name in (home.street, home.block)
    )
    story.step("A report comes in by phone; nobody knows who did it")
    form = cases.ReportForm(
        words="Somebody sprayed abusive words about my faith on the stairwell wall, and shouts at my children when they"
        " come home. I do not know who it is.",
        received_at=told_at, danger_now=False, channel="phone", reporter_name="Zainab Rahimi", home=place.id,
        place=homes.address_of(place), happened_text="Last night", acts=frozenset({"abuse", "graffiti"}),
        strands=frozenset({"religion"}), perpetrator_known="unknown", phone="020 7946 0747",
        safe_ways=frozenset({"text", "call"}), unsafe_ways=frozenset({"voicemail", "letter"}),
        graffiti_place="Stairwell wall", conflicted=frozenset({walled}),
    )  # fmt: skip
    logged = cases.log_report(amara, form=form)
    story.say(f"   {logged.reference} saved. {CAROL.name} lives next door and is walled off: she gets no key.")
    for duty in logged.duties:
        story.say(f"   {duty.title}: {duty.why}")
    story.step(f"{AMARA.name} speaks with the person, inside 24 hours")
    contacts.record_contact(
        amara,
        form=contacts.ContactForm(
            case=logged.case, at=now - timedelta(minutes=20), way="call", outcome="spoke",
            notes="Frightened, wants the wall cleaned and no letters home. Will call again on Friday.",
        ),
    )  # fmt: skip
    file = cases.open_case(amara, case=logged.case)
    first = next(duty for duty in file.duties if duty.clause == "4.24")
    story.say(f"   {first.why}")
    story.check(first.met_at is not None and not first.was_late, "first contact was made in time (policy 4.24)")
    page = today.today(amara)
    story.say(f"   Today: {page.counts.late} late, {page.counts.within_a_day} due within a day")
    for row in page.rows[:4]:
        story.say(f"     [{row.standing}] {row.title}  {row.reference}  {row.hint}")
    story.facts["reference"] = logged.reference
    return logged.case


def _warn_area(story: Story, amara: Workspace, ben: Workspace, case: RecordId, folder: Path) -> None:
    area = _demo_area(amara)
    story.step(f"A general warning to every home in {area.name}, one letter per household (policy 4.12)")
    form = letters.AreaLettersForm(
        case=case, streets=frozenset() if area.is_block else frozenset({area.name}),
        blocks=frozenset({area.name}) if area.is_block else frozenset(), person_consulted=True,
        reason="Nobody could be identified",
    )  # fmt: skip
    plan = letters.plan_area_letters(amara, form=form)
    for one in plan.people:
        story.say(f"   {one.address} ({one.part}) is told first: no letter may come as a surprise")
    plan = letters.plan_area_letters(amara, form=replace(form, told=frozenset(one.home for one in plan.people)))
    said = letters.plan_in_words(plan)
    for line in said[:MOST_LINES]:
        story.say(f"   {line}")
    if len(said) > MOST_LINES:
        story.say(f"     and {len(said) - MOST_LINES} more; the run's page names every one")
    story.check(not plan.leaks, "no word of the letter gives anybody in the case away")
    started = letters.start_area_letters(amara, plan=plan)
    if plan.needs_second:
        for workspace in (amara, ben):
            exchange.sync_now(workspace)
        letter_approval.approve_area_letters(ben, run=started.run)
        for workspace in (ben, amara):
            exchange.sync_now(workspace)
        story.say(f"   {BEN.name} reads the letter on their own laptop and agrees to it")
    made = letters.make_area_letters(amara, run=started.run, folder=folder, progress=told())
    story.say(f"   {made.made} letters on {made.pages} pages, {made.refused} could not be made")
    for address, why in made.refusals[:5]:
        story.say(f"     {address}: {why}")
    total = made.made + made.refused + made.left_out + made.outsourced
    story.check(total == len(plan.letters), f"the counts add up to all {total} households")
    state = letters.run_state(amara, run=started.run)
    for letter in [one for one in state.letters if one.state == "made"][:3]:
        letters.record_delivery(amara, letter=letter.id, outcome_code="delivered")
        story.say(f"   ticked at the door: {letter.address}")
    story.facts["letters"] = made.made


def _exchange(story: Story, amara: Workspace, ben: Workspace, carol: Workspace, case: RecordId) -> None:
    story.step("The laptops meet through the shared folder")
    for workspace, person in ((amara, AMARA), (ben, BEN), (carol, CAROL)):
        report = exchange.sync_now(workspace)
        story.say(f"   {person.name}: sent {report.sent}, received {report.received}, set aside {report.refused}")
    reference = str(story.facts["reference"])
    there = cases.open_case(ben, case=cases.find_case(ben, reference=reference))
    here = cases.open_case(amara, case=case)
    same = there.contents == here.contents
    story.check(same, f"{BEN.name}'s laptop shows {reference} exactly as {AMARA.name}'s does")
    zone, now = ben.pack.zone, story.parts.clock.now()
    for entry in there.timeline[:4]:
        story.say(f"     {say_moment(entry.at, now=now, zone=zone)}  {entry.title}")
    story.check(
        homes.count_homes(ben) == homes.count_homes(amara), f"and all {homes.count_homes(ben):,} homes"
    )  # fmt: skip


def _prove_wall(story: Story, ben: Workspace, carol: Workspace, case: RecordId, folder: Path) -> None:
    story.step(f"{CAROL.name}'s vault shows nothing of the case, and cannot")
    page = cases.list_cases(carol)
    story.check(page.total == 0, "her list of cases is empty")
    for words in ("Zainab", "stairwell", str(story.facts["reference"])):
        story.check(not cases.list_cases(carol, words=words).rows, f"searching for {words!r} finds nothing")
    try:
        cases.open_case(carol, case=case)
    except NotFound:
        story.say("   checked: opening the case by its inner number says there is no such case")
    else:
        raise BugError(rule="a walled person cannot open the case")
    hers, his = (reach.reach_of(one, folder=folder / "shared-folder") for one in (carol, ben))
    stream = _stream_of(ben, case)
    story.check(
        stream not in hers.streams,
        f"every key she could ever derive, tried on all {hers.sections} sealed sections, opens {hers.opened},"
        " and none of the case",
    )
    story.check(stream in his.streams, f"the same search with {BEN.name}'s keys does open the case")
    report = exchange.verify_shared_folder(ben, folder=folder / "shared-folder")
    story.check(not report.problems, f"every file of the shared folder verifies ({report.files} files)")


def _back_up(story: Story, amara: Workspace, folder: Path, passphrase: str) -> None:
    story.step("A backup, put back on an empty laptop")
    made = backups.backup(amara, destination=folder / "amara.workbook-backup", progress=told())
    restored = folder / "restored-from-backup"
    backups.restore(source=made.path, folder=restored, passphrase=passphrase)
    story.say(f"   {made.path.name}: {made.size_bytes:,} bytes, whole, and it opens")


def _show_window(story: Story, options: argparse.Namespace, vault: Path, passphrase: str) -> None:
    story.step("The desktop")
    command = [sys.executable, "-m", "desktop.app", "--vault", str(vault)]
    story.say(f"   to open it: python3 installer/start.py app --vault {vault}")
    story.say(f"   passphrase: {passphrase}")
    if options.no_window:
        return
    if _has_display():
        subprocess.Popen(command)  # noqa: S603  # our own program, our own arguments
        story.say("   the window is opening")
        return
    pictures = story.folder / "screenshots"
    key = story.folder / "amara.passphrase"
    write_atomic(key, passphrase.encode())
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(  # noqa: S603  # our own program, our own arguments
        [*command, "--screenshots", str(pictures), "--passphrase-file", str(key)],
        env=environment, timeout=SCREENSHOT_TIMEOUT_S, check=False, capture_output=True,
    )  # fmt: skip
    key.unlink(missing_ok=True)
    words = f"screenshots are in {pictures}" if done.returncode == 0 else "the screenshots could not be made"
    story.say(f"   there is no screen here; {words}")


def _list_files(story: Story, folder: Path) -> None:
    story.step("Every file it made")
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    shared = [path for path in files if "shared-folder" in path.parts]
    for path in files:
        if path not in shared:
            story.say(f"   {path.relative_to(folder)}  ({path.stat().st_size:,} bytes)")
    if shared:
        story.say(f"   shared-folder: {len(shared)} files, sealed and named after their content (but for README.txt):")
    for path in shared:
        story.say(f"     {path.relative_to(folder / 'shared-folder')}  ({path.stat().st_size:,} bytes)")


def _demo_area(workspace: Workspace) -> AreaRow:
    """The largest street or block that is not a whole town, else the smallest there is.

    Raises:
        FormIncomplete: no home of the list lies in a street or block.
    """
    areas = homes.list_areas(workspace)
    if not areas:
        said = "No home of this list lies in a street or block, so there is no area to warn. Try another list."
        raise FormIncomplete(problems={"homes": said})
    some = [area for area in areas if area.homes <= LARGEST_AREA_HOMES]
    return max(some, key=lambda area: area.homes) if some else min(areas, key=lambda area: area.homes)


def _stream_of(workspace: Workspace, case: RecordId) -> bytes:
    return cases.open_case(workspace, case=case).case.stream


def _fresh(folder: Path) -> Path:
    """`folder` if nothing is there yet, otherwise the first free `folder-2`, `folder-3`, ..."""
    number, candidate = 1, folder
    while candidate.exists():
        number += 1
        candidate = folder.with_name(f"{folder.name}-{number}")
    make_private_folder(candidate)
    return candidate.resolve()


def _sheet(passphrases: dict[str, str]) -> bytes:
    lines = ["These people are invented. Never keep real passphrases in a file.", ""]
    return "\n".join([*lines, *(f"{name}: {words}" for name, words in passphrases.items()), ""]).encode()


def _has_display() -> bool:
    return sys.platform in ("win32", "darwin") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))

