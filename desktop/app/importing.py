"""Imports go their plain way again, once the toolkit is loaded.

The toolkit puts itself before `import` to offer other spellings of its own names, which this program does not use. For
that it reads and keeps the source of every module that is imported afterwards, whoever it belongs to: 12 MB of text and
a third of a second of CPU until every page has been open.
"""

from __future__ import annotations

import builtins

_AS_IT_WAS = "__orig_import__"
"""Where the toolkit keeps what it put itself before."""


def import_plainly() -> bool:
    """Take the toolkit out of the way. False if it is in no way. Repeating it does nothing."""
    plain = getattr(builtins, _AS_IT_WAS, None)
    if plain is None or builtins.__import__ is plain:
        return False
    builtins.__import__ = plain
    return True
