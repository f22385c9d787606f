"""The stand-in for bbb-web: BigBlueButton's HTTP API."""
