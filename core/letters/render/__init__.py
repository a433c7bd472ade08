"""From a composed letter to bytes: PDF through reportlab, or plain text."""
