"""Services are tried with passphrases that cost little."""

from tests.support.quick_passphrases import quick_passphrases

__all__ = ["quick_passphrases"]
