"""From a composed letter to bytes: PDF through reportlab, or typst for scripts that need shaping; or plain text."""
