"""Deleting a case for good: two people, every laptop, and nothing that comes back."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from core.domain.case import Case, Note
from core.domain.retention import Deletion
from core.foundation.errors import FormIncomplete, NotAllowed
from core.foundation.ids import RecordId
from core.services import access, attachments, cases, notes, retention, streams, sync
from core.services.attachment_sealing import GivenFile
from core.services.attachments import AttachmentForm
from core.services.reach import reach_of
from core.services.workspace import Workspace
from core.store import schema
from tests.support.laptops import Office, Template, every_byte_of

SECRET = "a word nobody else uses: quixotic"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    office = Office(tmp_path_factory.mktemp("template"))
    ana, ben = office.pair()
    dev = office.join(ana, "Dev Patel", "dp")
    with ana.store.unit("test") as (unit, _):
        stream = streams.open_case_stream(unit, ana, readers=frozenset({ben.user}), conflicted=frozenset())
        unit.create(
            Case, stream, reference="2026-AR-1", summary=SECRET, stage="closed", lead=ana.user,
            opened_at=office.clock.now() - timedelta(days=9), closed_at=office.clock.now() - timedelta(days=1),
        )  # fmt: skip
    for laptop in (ana, ben, dev, ana):
        sync.sync_now(laptop)
    return Template.of(office, {"Ana Reyes": ana, "Ben Okafor": ben, "Dev Patel": dev})


@pytest.fixture
def office_of_three(template: Template, tmp_path: Path) -> tuple[Office, Workspace, Workspace, Workspace]:
    office, laptops = template.copy(tmp_path / "office")
    ana, ben, dev = laptops.values()
    return office, ana, ben, dev


def the_case(workspace: Workspace) -> RecordId:
    (case,) = workspace.store.select(Case)
    return case.id


def asked(workspace: Workspace, reason: str = "erasure") -> RecordId:
    case = the_case(workspace)
    return retention.ask_deletion(workspace, case=case, reason=reason, words="Decided on 3 March.").record


Three = tuple[Office, Workspace, Workspace, Workspace]


def test_two_people_agree_and_nothing_is_left_on_any_laptop(office_of_three: Three, tmp_path: Path) -> None:
    office, ana, ben, _ = office_of_three
    picture = tmp_path / "door.jpg"
    picture.write_bytes(b"\xff\xd8\xff\xe0" + b"the picture of a door" * 50)
    case = the_case(ana)
    attachments.attach(ana, case=case, given=GivenFile(picture), form=AttachmentForm(what="photo"))
    notes.add_note(ana, case=case, body=SECRET)
    for laptop in (ana, ben):
        sync.sync_now(laptop)
    deletion = asked(ana)
    for laptop in (ana, ben):
        sync.sync_now(laptop)
    assert ben.store.count(Case) == 1, "one person alone deletes nothing"
    in_folder = office.folder / "cwf1" / "b"
    assert [path for path in in_folder.rglob("*") if path.is_file()]
    retention.agree_deletion(ben, deletion=deletion)
    for laptop in (ben, ana):
        sync.sync_now(laptop)
    for laptop in (ana, ben):
        assert laptop.store.count(Case) == laptop.store.count(Note) == 0
        assert SECRET.encode() not in every_byte_of(laptop)
        assert not [path for path in (laptop.folder / "blobs").rglob("*") if path.is_file()]
        assert [item.reason for item in retention.deleted_for_good(laptop)] == ["erasure"]
        with laptop.store.reading() as connection:
            streams_here = connection.execute(schema.EPOCH.select()).all()
        assert laptop.organisation_stream in {row.stream for row in streams_here}
        assert cases.list_cases(laptop, words="quixotic").rows == ()
    for laptop in (ben, ana):
        sync.sync_now(laptop, everything=True)
    assert not [path for path in in_folder.rglob("*") if path.is_file()], "nor in the folder, and nobody puts it back"


def test_it_does_not_come_back_by_another_exchange_or_what_was_written_meanwhile(office_of_three: Three) -> None:
    _, ana, ben, _ = office_of_three
    deletion = asked(ana)
    sync.sync_now(ana)
    sync.sync_now(ben)
    retention.agree_deletion(ben, deletion=deletion)
    notes.add_note(ana, case=the_case(ana), body="written on the other laptop at the same time")
    for laptop in (ben, ana, ben, ana):
        sync.sync_now(laptop, everything=True)
    for laptop in (ana, ben):
        assert laptop.store.count(Case) == laptop.store.count(Note) == 0
        laptop.store.rebuild()
        assert laptop.store.count(Case) == 0


def test_who_asked_cannot_agree_and_who_only_writes_cannot_ask(office_of_three: Three) -> None:
    _, ana, ben, _ = office_of_three
    with pytest.raises(NotAllowed):
        asked(ben)
    deletion = asked(ana)
    with pytest.raises(NotAllowed):
        retention.agree_deletion(ana, deletion=deletion)


def test_a_request_written_by_somebody_who_does_not_lead_counts_for_nothing(office_of_three: Three) -> None:
    _, ana, ben, _ = office_of_three
    case = ben.store.get(Case, the_case(ben))
    with ben.store.unit("forged") as (unit, _):
        unit.create(Deletion, case.stream, case=case.id, reason="erasure", asked_at=ben.parts.clock.now())
    sync.sync_now(ben)
    sync.sync_now(ana)
    assert retention.deletions_asked(ana, case=case.id) == ()
    assert ana.store.count(Case) == ben.store.count(Case) == 1


def test_a_withdrawn_request_deletes_nothing(office_of_three: Three) -> None:
    _, ana, ben, _ = office_of_three
    deletion = asked(ana)
    retention.withdraw_deletion(ana, deletion=deletion)
    for laptop in (ana, ben, ana):
        sync.sync_now(laptop)
    assert retention.deletions_asked(ben, case=the_case(ben)) == ()
    assert ana.store.count(Case) == 1


def test_a_hold_goes_before_everything(office_of_three: Three) -> None:
    _, ana, ben, _ = office_of_three
    deletion = asked(ana)
    sync.sync_now(ana)
    sync.sync_now(ben)
    hold = retention.hold_case(ana, case=the_case(ana), reason="The court asked for it.").record
    retention.agree_deletion(ben, deletion=deletion)
    for laptop in (ana, ben, ana, ben):
        sync.sync_now(laptop)
    assert ana.store.count(Case) == ben.store.count(Case) == 1
    with pytest.raises(FormIncomplete) as problem:
        asked(ana)
    assert problem.value.problems == {"reason": "The case is held: The court asked for it. Lift the hold first."}
    retention.lift_hold(ana, hold=hold)
    for laptop in (ana, ben, ana):
        sync.sync_now(laptop)
    assert ana.store.count(Case) == ben.store.count(Case) == 0


def test_before_its_time_it_is_kept(office_of_three: Three) -> None:
    _, ana, _, _ = office_of_three
    with pytest.raises(FormIncomplete) as problem:
        asked(ana, "time-over")
    assert problem.value.problems == {"reason": "It is kept until 19 November 2031."}


def test_somebody_who_reads_alone_decides_alone(office_of_three: Three) -> None:
    _, ana, _, _ = office_of_three
    with ana.store.unit("test") as (unit, _):
        stream = streams.open_case_stream(unit, ana, readers=frozenset(), conflicted=frozenset())
        case = unit.create(Case, stream, reference="2026-AR-2", summary="opened by mistake", lead=ana.user)
    retention.ask_deletion(ana, case=case, reason="mistake", words="Typed twice.")
    sync.sync_now(ana)
    assert [one.reference for one in ana.store.select(Case)] == ["2026-AR-1"]


def test_somebody_outside_the_case_notices_nothing(office_of_three: Three) -> None:
    office, ana, ben, dev = office_of_three
    deletion = asked(ana)
    for laptop in (ana, ben):
        sync.sync_now(laptop)
    retention.agree_deletion(ben, deletion=deletion)
    for laptop in (ben, ana, dev):
        report = sync.sync_now(laptop)
        assert report.notices == ()
    assert retention.deleted_for_good(dev) == ()
    assert not reach_of(dev, folder=office.folder).streams - {dev.organisation_stream}


def test_a_colleague_added_afterwards_is_not_possible(office_of_three: Three) -> None:
    _, ana, ben, dev = office_of_three
    case = the_case(ana)
    deletion = asked(ana)
    for laptop in (ana, ben):
        sync.sync_now(laptop)
    retention.agree_deletion(ben, deletion=deletion)
    access.add_reader(ana, case, dev.user, "at the same time")
    for laptop in (ana, ben, dev, ana, ben, dev):
        sync.sync_now(laptop)
    assert ana.store.count(Case) == ben.store.count(Case) == dev.store.count(Case) == 0
