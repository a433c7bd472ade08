"""Keys, containers, wraps, signatures and words. The only room that imports `cryptography`.

Every primitive is fixed by CWF/1 (`core/vault/FORMAT.md`); nothing here is negotiated by data.
Functions that check something return nothing and raise when it does not hold.
"""
