"""How old the news of who is in the organisation is: warned of after 21 days, no new access after 90."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from core.foundation.errors import FormIncomplete, RosterStale
from core.services import access, cases, readers, sync
from core.services.roster_news import BLOCK_AFTER, WARN_AFTER, news_of_roster
from core.services.workspace import Workspace
from tests.support.laptops import Office


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def report(workspace: Workspace, *others: Workspace) -> cases.CaseLogged:
    form = cases.ReportForm(
        words="Paint on the door.", received_at=workspace.parts.clock.now(), danger_now=False, anonymous=True,
        readers=frozenset(other.user for other in others),
    )  # fmt: skip
    return cases.log_report(workspace, form=form)


def test_an_officer_is_warned_after_three_weeks_and_gives_no_access_after_ninety_days(office: Office) -> None:
    ana, ben = office.pair("Ben Osei", "bo")
    cat = office.join(ana, "Cat Doe", "cd")
    sync.sync_now(ben)
    logged = report(ben)
    assert not news_of_roster(ben).is_old
    office.clock.step(WARN_AFTER - timedelta(hours=1))
    assert not news_of_roster(ben).is_old and "administrator" not in " ".join(sync.sync_state(ben).notices)
    office.clock.step(timedelta(hours=3))
    news = news_of_roster(ben)
    assert news.is_old and not news.blocks and news.days == 21
    (said,) = [text for text in sync.sync_state(ben).notices if "administrator" in text]
    assert "for 21 days" in said and "Sync" in said and "Until then" not in said
    access.add_reader(ben, logged.case, cat.user, "helps")
    report(ben, cat)
    office.clock.step(BLOCK_AFTER - WARN_AFTER)
    assert news_of_roster(ben).blocks and "Until then nobody new" in news_of_roster(ben).sentence
    for act in (
        lambda: access.add_reader(ben, logged.case, ana.user, "helps"),
        lambda: readers.let_in(ben, case=logged.case, user=ana.user, reason="helps"),
        lambda: readers.hand_over(ben, case=logged.case, user=ana.user, reason="leave"),
    ):
        with pytest.raises(RosterStale) as caught:
            act()
        assert "for 90 days" in str(caught.value) and "ask an administrator to sync" in str(caught.value)
    with pytest.raises(FormIncomplete) as refused:
        report(ben, cat)
    assert "for yourself alone" in refused.value.problems["readers"]
    alone = report(ben)  # what must be written down always can be
    readers.hand_over(ben, case=logged.case, user=cat.user, reason="leave")  # who reads it already may lead it
    sync.sync_now(ana, everything=True)  # one sign of life is news
    sync.sync_now(ben, everything=True)
    assert not news_of_roster(ben).is_old
    readers.let_in(ben, case=alone.case, user=cat.user, reason="helps")


def test_who_is_the_only_administrator_needs_no_news(office: Office) -> None:
    ana, ben = office.pair("Ben Osei", "bo")
    office.clock.step(timedelta(days=400))
    assert not news_of_roster(ana).is_old
    logged = report(ana)
    access.add_reader(ana, logged.case, ben.user, "helps")


def test_an_administrator_is_warned_and_goes_on(office: Office) -> None:
    ana, ben = office.pair("Ben Osei", "bo", role="administrator")
    sync.sync_now(ben)
    sync.sync_now(ana)
    office.clock.step(timedelta(days=100))
    assert news_of_roster(ana).is_old and not news_of_roster(ana).blocks
    logged = report(ana)
    access.add_reader(ana, logged.case, ben.user, "helps")
