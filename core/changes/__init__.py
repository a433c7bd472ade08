"""What a change is, in what order changes happened, and how a set of them becomes records. Pure."""
