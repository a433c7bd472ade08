"""What the exchange has to tell, in sentences."""

from __future__ import annotations

from core.domain.organisation import Member
from core.foundation.ids import DeviceId
from core.services.administrators import OUTVOTED
from core.services.lifting import have_no_laptop
from core.services.new_keys import PAIR_AGAIN, renewed_elsewhere
from core.services.own_standing import own_standing
from core.services.roster import roster_of
from core.services.roster_news import news_of_roster
from core.services.workspace import Workspace
from core.store.mailbox import VaultMailbox

_WHOSE = {
    "clock-ahead": "The clock of {whose} laptop is ahead by more than ten minutes. Ask for it to be set right.",
    "own-clock-ahead": "The clock of this laptop is ahead by more than ten minutes. Set it right.",
    "forked-laptop": (
        "{Whose} laptop was put back from a copy and wrote twice under one number. What it wrote since is kept aside."
    ),
    "summary-refuted": (
        "A summary made by {whose} laptop did not match the history it was made of. The history counts, and nothing of "
        "the summary is left. Tell your administrator."
    ),
    "needs-newer-version": "{Whose} laptop uses a newer version. Install it here to see everything.",
}
_PLAIN = {
    OUTVOTED: (
        "The administrators decided something else than you had agreed to. The Colleagues page says what holds. What"
        " you wanted was not taken: propose it again there if it is still needed."
    ),
    "restored-laptop": "This workbook was put back from a copy. It goes on under a new number, and nothing is lost.",
    "refused-file": "A file in the shared folder was set aside. {detail}",
    "recovery-used": (
        "Somebody became an administrator with recovery sheets. The Colleagues page says who. If you did not expect it,"
        " make new sheets at once."
    ),
    "recovered-stream": "Recovery sheets gave somebody access to a case you read. Its Access page says who.",
    "refused-section": "An entry from a colleague's laptop was set aside. {detail}",
}

_SHUT_OUT = (
    "Nothing that {whose} writes counts now: two of their laptops were suspended from each other at the same time. It"
    " is kept. An administrator can open their name on the Colleagues page and let one laptop count."
)


def sentences_of(workspace: Workspace) -> tuple[str, ...]:
    """Every notice as a sentence, oldest first, each once."""
    with VaultMailbox(workspace.store.engine).reading() as box:
        notices = box.notices()
    roster = roster_of(workspace)
    names = {member.user: member.name for member in workspace.store.select(Member)}
    shut_out = (_SHUT_OUT.format(whose=names.get(user) or "a colleague") for user in have_no_laptop(roster)
                if user != workspace.user)  # fmt: skip
    own = (own_standing(workspace).sentence, PAIR_AGAIN if renewed_elsewhere(workspace) else "")
    first, news = (*own, *shut_out), news_of_roster(workspace).sentence
    if not notices:
        return tuple(filter(None, (*first, news)))
    found = [sentence for sentence in first if sentence]
    for notice in notices:
        owner = roster.owner_of(DeviceId(notice.subject))
        name = names.get(owner or b"", "")
        code = notice.code
        if code == "clock-ahead" and owner == workspace.user:
            code = "own-clock-ahead"
        whose = f"{name}\u2019s" if name else "a colleague\u2019s"
        template = _WHOSE.get(code) or _PLAIN.get(code, "{detail}")
        found.append(template.format(whose=whose, Whose=whose[:1].upper() + whose[1:], detail=notice.detail).strip())
    return tuple(dict.fromkeys([*found, *filter(None, [news])]))
