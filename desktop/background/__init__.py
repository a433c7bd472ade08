"""The only threads of the desktop. Everything above hands a function over and hears back on the GUI thread."""

from __future__ import annotations

from desktop.background.job import Job, JobSignals, Receiver
from desktop.background.runner import JobRunner, Lane

__all__ = ["Job", "JobRunner", "JobSignals", "Lane", "Receiver"]
