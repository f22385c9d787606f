"""How BigBlueButton makes recordings of meetings that have ended, in seconds and without media."""
