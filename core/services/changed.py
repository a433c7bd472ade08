"""What a service changed, for whoever shows it."""

from core.domain.changed import NOTHING, Changed

__all__ = ["NOTHING", "Changed"]
