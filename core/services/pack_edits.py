"""The organisation's changes of packs as the records tell them: what each says, and whether it has all it needs."""

from __future__ import annotations

from datetime import date, datetime

from core.domain.organisation import QuestionSet
from core.domain.packs import PackChange, PackChangeAgreed
from core.foundation.ids import RecordId
from core.policy.calendar import LONDON
from core.policy.pack_versions import PackEdit, decided_on, fingerprint
from core.store.store import Store, select_records, table_of
from core.store.versions import writers_of


def edits_of(store: Store) -> tuple[PackEdit, ...]:
    """Every change known here, the waiting ones included (`decided_on` None)."""
    said = words_of(store)
    found = [
        _decided(change, said.get(change.id, {}))
        for change in store.select(PackChange, order_by=(table_of(PackChange).c.created_hlc,))
    ]
    sets = store.select(QuestionSet, order_by=(table_of(QuestionSet).c.created_hlc,))
    return (*(_from_set(one) for one in sets), *found)


def words_of(store: Store) -> dict[RecordId, dict[bytes, tuple[bool, datetime, bytes]]]:
    """What each person said to each change: agrees, when, to what (fingerprint). Only their own word counts."""
    found: dict[RecordId, dict[bytes, tuple[bool, datetime, bytes]]] = {}
    with store.reading() as connection:
        for one in select_records(connection, PackChangeAgreed):
            writers = writers_of(connection, PackChangeAgreed, one.id, "agrees")
            if one.change is None or one.agrees is None or one.said_at is None or writers != {one.said_by}:
                continue
            found.setdefault(one.change, {})[one.said_by] = (one.agrees, one.said_at, one.fingerprint)
    return found


def edit_from(change: PackChange) -> PackEdit:
    """A change as it stands, without whether it was agreed."""
    return PackEdit(
        id=change.id, pack=change.pack, path=change.path, value=change.value, body=change.body,
        from_on=change.from_on, reason=change.reason,
    )  # fmt: skip


def _decided(change: PackChange, said: dict[bytes, tuple[bool, datetime, bytes]]) -> PackEdit:
    edit = edit_from(change)
    exactly = fingerprint(edit)
    words = {user: (agrees, at) for user, (agrees, at, about) in said.items() if about == exactly}
    at = decided_on(proposed_at=change.proposed_at, alone=bool(change.alone), said=words, proposer=change.proposed_by)
    return PackEdit(
        id=edit.id, pack=edit.pack, path=edit.path, value=edit.value, body=edit.body, from_on=edit.from_on,
        reason=edit.reason, decided_on=_day(at),
    )  # fmt: skip


def _from_set(one: QuestionSet) -> PackEdit:
    """A whole set of questions as it was taken into use before packs had changes."""
    return PackEdit(id=one.id, pack="risk", body=one.body, decided_on=_day(one.taken_into_use_at))


def _day(moment: datetime | None) -> date | None:
    return moment.astimezone(LONDON).date() if moment is not None else None
