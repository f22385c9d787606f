"""What the simulated services share."""
