"""`python -m core.cli`: the same as the `imani` command."""

import sys

if __name__ == "__main__":
    try:
        from core.cli.main import main
    except KeyboardInterrupt:  # nothing has begun
        sys.exit(40)
    except ModuleNotFoundError as error:
        print(f"This program cannot run here: this Python lacks {error.name}.", file=sys.stderr)
        print("Start it with: python3 installer/start.py imani, which brings all it needs.", file=sys.stderr)
        sys.exit(3)
    sys.exit(main())
