"""One directory for everybody: officers write it, whoever only reads does not, and it travels."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.domain.agencies import Agency
from core.foundation.errors import NotAllowed
from core.services import agencies, sync
from tests.support.laptops import Office


def test_officers_write_the_directory_and_whoever_only_reads_does_not(tmp_path: Path) -> None:
    office = Office(tmp_path)
    ana, ben = office.pair()
    eve = office.join(ana, "Eve Marsh", "em", role="committee")
    for laptop in (ana, ben, eve):
        sync.sync_now(laptop)
    listed = agencies.list_agency(ben, name="Harbour Race Unit", kind="race-unit", checked=True)
    for laptop in (ben, ana, eve):
        sync.sync_now(laptop)
    for laptop in (ana, ben, eve):
        (row,) = agencies.agencies_of(laptop)
        assert row.agency.name == "Harbour Race Unit" and not row.stale
    with pytest.raises(NotAllowed):
        agencies.list_agency(eve, name="Another", kind="police")
    with pytest.raises(NotAllowed):
        agencies.check_agency(eve, agency=listed.record, there=False)
    agencies.check_agency(ana, agency=listed.record, there=False)
    for laptop in (ana, ben):
        sync.sync_now(laptop)
    assert agencies.agencies_of(ben) == ()
    assert ben.store.get(Agency, listed.record).gone is True
