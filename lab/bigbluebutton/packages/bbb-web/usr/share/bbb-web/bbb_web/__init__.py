"""Simulated bbb-web: BigBlueButton's HTTP API."""
