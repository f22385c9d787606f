"""Simulated bbb-apps-akka: reads the client's settings once, when it starts."""
