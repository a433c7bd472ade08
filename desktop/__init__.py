"""The window an officer works in. It reaches `core` only through services, domain, policy, errors and ids."""
