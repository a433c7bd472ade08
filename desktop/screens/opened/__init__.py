"""Who has opened, printed, copied or given out what: the list nobody can alter."""
