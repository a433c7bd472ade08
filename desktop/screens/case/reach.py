"""How far what this person wrote in a case has come: a tag in the head of its page."""

from __future__ import annotations

from core.services.delivery import Delivery, Stage
from desktop.theme import Tone
from desktop.widgets import Tag

_TONES = {Stage.SEEN: Tone.OK, Stage.FOLDER: Tone.INFO}


def reach_words(delivery: Delivery) -> str:
    """In short: "On 2 other laptops"."""
    if delivery.stage is Stage.SEEN:
        count = len(delivery.seen_by)
        return f"On {count} other laptop{'' if count == 1 else 's'}"
    return "In the folder" if delivery.stage is Stage.FOLDER else "Saved here"


def reach_told(delivery: Delivery) -> str:
    """All of it, with whose laptops they are."""
    names = f" {', '.join(delivery.seen_by)}." if delivery.seen_by else ""
    return f"The newest thing you wrote in this case. {delivery.words}{names}"


class ReachTag(Tag):
    """Told by words, and in full to whoever hears it or rests the pointer on it."""

    def __init__(self, delivery: Delivery) -> None:
        super().__init__(reach_words(delivery), _TONES.get(delivery.stage, Tone.NEUTRAL))
        self.setAccessibleName(reach_told(delivery))
        self.setToolTip(reach_told(delivery))
