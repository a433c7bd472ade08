"""Letters: template and values in, a neutral letter, then a tagged PDF or plain text out.

    templates -> compose -> Letter -> leak_guard -> render (PDF, plain text) -> batch

Everything up to the leak guard is pure. `render` is the only place that knows about PDF, and
`batch` the only one that writes a file.
"""
