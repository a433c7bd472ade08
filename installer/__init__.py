"""How the program gets onto a machine. Standard library only, and no product code."""
