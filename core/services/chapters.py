"""What each chapter of the casework adds to the story of a case: the name of a record type -> how it is told."""

from __future__ import annotations

from collections.abc import Mapping

from core.services import (
    access_story,
    agencies,
    appeals,
    case_letters,
    closing,
    closing_letters,
    enforcement,
    graffiti,
    intake,
    late_reports,
    monitoring,
    officers,
    pack_changes,
    patrols,
    plans,
    retention,
    risk,
    safety,
    second_person,
    visits,
)
from core.services.telling import Teller

TELLERS: Mapping[str, Teller] = {
    **access_story.TELLERS,
    **risk.TELLERS,
    **plans.TELLERS,
    **enforcement.TELLERS,
    **agencies.TELLERS,
    **safety.TELLERS,
    **second_person.TELLERS,
    **retention.TELLERS,
    **closing.TELLERS,
    **appeals.TELLERS,
    **closing_letters.TELLERS,
    **late_reports.TELLERS,
    **patrols.TELLERS,
    **graffiti.TELLERS,
    **pack_changes.TELLERS,
    **visits.TELLERS,
    **case_letters.TELLERS,
    **intake.TELLERS,
    **monitoring.TELLERS,
    **officers.TELLERS,
}
