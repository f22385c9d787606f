"""bbb-conf: configures, checks and restarts the BigBlueButton server."""
