"""Which recovery group a case uses; what honest laptops refuse."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from core.changes.change import Op
from core.domain.case import Case
from core.foundation.errors import FormIncomplete, NotAllowed
from core.foundation.ids import RecordId, UserId
from core.services import access, cases, readers, recovery_case, recovery_groups, recovery_wrapping, sync
from core.services.recovery_choice import current_groups, open_to
from core.services.recovery_groups import GroupForm, HolderForm
from core.services.roster import epochs_of, new_stream_key
from core.services.workspace import Workspace
from core.sync.engine import epochs, recovery
from tests.support import sheets
from tests.support.laptops import Office, Template

SECOND = GroupForm("Federation", (HolderForm("Ida Moss"), HolderForm("Ray Cole"), HolderForm("Una Bell")))


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    office = Office(tmp_path_factory.mktemp("template"))
    ana, ben = office.pair()
    cat = office.join(ana, "Cat Lim", "cl", role="committee")
    for laptop in (ana, ben, cat):
        sync.sync_now(laptop)
    return Template.of(office, {"Ana Reyes": ana, "Ben Okafor": ben, "Cat Lim": cat})


@pytest.fixture
def office(template: Template, tmp_path: Path) -> tuple[Office, Workspace, Workspace, Workspace]:
    place, laptops = template.copy(tmp_path)
    return place, laptops["Ana Reyes"], laptops["Ben Okafor"], laptops["Cat Lim"]


Four = tuple[Office, Workspace, Workspace, Workspace]


def begin_with(ana: Workspace, holder: Workspace, name: str) -> bytes:
    """A group of which a colleague keeps the third sheet."""
    form = GroupForm("Officers of the co-op", (*sheets.HOLDERS[:2], HolderForm(name, holder.user)))
    prepared, _ = sheets.begin(ana, form)
    sync.sync_now(ana)
    return prepared.entry.group


def report(workspace: Workspace, **changes: object) -> cases.CaseLogged:
    form = cases.ReportForm(
        words="Shouting", received_at=workspace.parts.clock.now(), danger_now=False, anonymous=True
    )
    return cases.log_report(workspace, form=replace(form, **changes))  # type: ignore[arg-type]  # fields by name


def refused(workspace: Workspace, **changes: object) -> str:
    with pytest.raises(FormIncomplete) as told:
        report(workspace, **changes)
    (field, sentence), = told.value.problems.items()
    assert field == "recovery"
    return sentence


def test_without_groups_nothing_is_asked(office: Four) -> None:
    _, ana, _, _ = office
    found = recovery_case.case_recovery(ana, case=report(ana).case)
    assert found.words == "" and not found.group and not found.options


def test_a_case_uses_the_first_group_that_will_do(office: Four) -> None:
    _, ana, _, cat = office
    first = begin_with(ana, cat, "Cat Lim")
    assert recovery_case.case_recovery(ana, case=report(ana).case).group == first
    second, _ = sheets.begin(ana, SECOND)
    walled = recovery_case.case_recovery(ana, case=report(ana, conflicted=frozenset({cat.user})).case)
    assert walled.group == second.entry.group and walled.words == "Two recovery sheets of Federation open it."
    named = recovery_case.case_recovery(ana, case=report(ana, perpetrator_name="cat  LIM").case)
    assert named.group == second.entry.group
    asked = report(ana, recovery_group=second.entry.group)
    assert recovery_case.case_recovery(ana, case=asked.case).group == second.entry.group


def test_where_no_group_will_do_the_form_says_what_to_do(office: Four) -> None:
    _, ana, ben, cat = office
    group = begin_with(ana, cat, "Cat Lim")
    assert "federation officer" in refused(ana, conflicted=frozenset({cat.user}))
    assert "keeps a sheet of that group" in refused(ana, conflicted=frozenset({cat.user}), recovery_group=group)
    assert "Nobody else would read" in refused(
        ana, conflicted=frozenset({cat.user, ben.user}), recovery_group=recovery_case.WITHOUT
    )
    case = report(ana, conflicted=frozenset({cat.user}), recovery_group=recovery_case.WITHOUT).case
    found = recovery_case.case_recovery(ana, case=case)
    assert found.decided_without and found.words == "No recovery sheet opens it, as was decided."
    while recovery_wrapping.settle_recovery(ana):
        pass
    assert not recovery_case.case_recovery(ana, case=case).group


def test_keeping_a_sheet_holder_out_takes_the_case_out_of_their_group(office: Four) -> None:
    _, ana, _, cat = office
    begin_with(ana, cat, "Cat Lim")
    case = report(ana).case
    readers.wall_off(ana, case=case, user=cat.user, reason="lives next door")
    assert not recovery_case.case_recovery(ana, case=case).group
    second, _ = sheets.begin(ana, SECOND)
    while recovery_wrapping.settle_recovery(ana):
        pass
    assert recovery_case.case_recovery(ana, case=case).group == second.entry.group


def test_another_group_is_chosen_by_whoever_leads_and_by_nobody_else(office: Four) -> None:
    _, ana, ben, cat = office
    begin_with(ana, cat, "Cat Lim")
    second, _ = sheets.begin(ana, SECOND)
    case = report(ana).case
    sync.sync_now(ana)
    sync.sync_now(ben)
    with pytest.raises(NotAllowed):
        recovery_case.choose_group(ben, case=case, group=second.entry.group, reason="no")
    with pytest.raises(FormIncomplete):
        recovery_case.choose_group(ana, case=case, group=second.entry.group, reason=" ")
    recovery_case.choose_group(ana, case=case, group=second.entry.group, reason="a holder knows the family")
    sync.sync_now(ana)
    sync.sync_now(ben)
    for laptop in (ana, ben):
        assert recovery_case.case_recovery(laptop, case=case).name == "Federation"
    # Whoever gives access later keeps the group, also somebody who does not lead.
    access.add_reader(ben, case, cat.user, "reads along")
    assert recovery_case.case_recovery(ben, case=case).name == "Federation"


def stream_of(workspace: Workspace, case: RecordId) -> bytes:
    return workspace.store.get(Case, case).stream


def test_every_honest_laptop_refuses_a_group_whose_holder_is_walled_off(office: Four) -> None:
    _, ana, ben, cat = office
    begin_with(ana, cat, "Cat Lim")
    sync.sync_now(ben)
    key = new_stream_key(ben)
    with ben.store.reading() as connection:
        (group,) = current_groups(connection)
    stream = ben.parts.randomness.bytes(16)
    header = epochs.first_header(
        stream=stream,  # type: ignore[arg-type]  # a stream id
        kind=epochs.StreamType.CASE, key=key, conflicted=frozenset({cat.user}), recovery_group=group.mark,
        members=[
            epochs.Membership(ben.user, 0, epochs.StreamRole.LEAD),
            epochs.Membership(ana.user, 0, epochs.StreamRole.WRITE),
        ],
    )  # fmt: skip
    _smuggle(ben, header, key)
    sync.sync_now(ben)
    sync.sync_now(ana)
    assert any("held by somebody who is walled off" in notice for notice in sync.sync_state(ana).notices)
    with ana.store.reading() as connection:
        assert open_to(connection, header.stream).group is None
    assert not epochs_of(ana, header.stream)


def _smuggle(workspace: Workspace, header: epochs.EpochHeader, key: object) -> None:
    from core.changes.change import OpKind
    from core.store import keyring

    with workspace.store.unit("smuggle") as (unit, _):
        unit.put_op(header.stream, Op(OpKind.EPOCH, RecordId(header.stream), "epoch", "", epochs.to_wire(header)))
        row = keyring.EpochRow(
            header.stream, epochs.hash_of(header), header.number, epochs.encode(header),
            key,  # type: ignore[arg-type]  # a stream key
            workspace.user, 0,
        )  # fmt: skip
        keyring.add_epoch_header(unit.connection, row)


def test_a_wrap_for_a_group_whose_holder_is_walled_off_is_refused(office: Four) -> None:
    _, ana, ben, cat = office
    case = report(ben, conflicted=frozenset({cat.user})).case
    sync.sync_now(ben)
    begin_with(ana, cat, "Cat Lim")
    sync.sync_now(ben)
    stream = stream_of(ben, case)
    with ben.store.reading() as connection:
        (group,) = current_groups(connection)
    (name,) = epochs_of(ben, stream)  # type: ignore[arg-type]  # a stream id
    with ben.store.unit("smuggle") as (unit, _):
        wire = recovery.wrapped_wire(group.mark, name)
        unit.put_op(stream, Op(recovery.WRAPPED, RecordId(stream), "recovery", "", wire))  # type: ignore[arg-type]
    sync.sync_now(ben)
    sync.sync_now(ana)
    assert any("held by somebody who is walled off" in notice for notice in sync.sync_state(ana).notices)


def test_only_an_administrator_sets_up_a_group(office: Four) -> None:
    _, ana, ben, _ = office
    with pytest.raises(NotAllowed):
        recovery_groups.prepare_group(ben, SECOND)
    assert UserId(ana.user) == ana.user
