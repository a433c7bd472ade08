"""Set up and start Imani Casework: `python3 installer/start.py app`, `demo` or `test`.

Everything else in this folder needs Python 3.11, so this file is written for any Python: an older
one reads it, says one plain sentence, and stops.
"""

import os
import sys

OLDEST = (3, 11)
NEWEST = (3, 13)
EXIT_CANNOT_RUN_HERE = 3


def refusal_of_this_python(version):
    """The sentence for a Python (major, minor) that is too old or too new; empty when it fits."""
    if OLDEST <= tuple(version) <= NEWEST:
        return ""
    return (
        "Imani Casework needs Python 3.11, 3.12 or 3.13, and this is Python %d.%d. "
        "Nothing was installed or changed. "
        "Install one of those and run the same command with it, for example: python3.12 installer/start.py demo"
        % tuple(version)
    )


def main():
    refusal = refusal_of_this_python(sys.version_info[:2])
    if refusal:
        sys.stderr.write(refusal + "\n")
        return EXIT_CANNOT_RUN_HERE
    checkout = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    sys.path[0] = checkout
    from installer.verbs import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
