"""`python -m core.cli`: the same as the `imani` command."""

import sys

if __name__ == "__main__":
    try:
        from core.cli.main import main

        sys.exit(main())
    except KeyboardInterrupt:  # while the program itself was being read: nothing has begun
        sys.exit(40)
