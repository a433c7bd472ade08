"""What the policy says must happen, read from a policy pack. Pure: time and the pack are arguments."""
