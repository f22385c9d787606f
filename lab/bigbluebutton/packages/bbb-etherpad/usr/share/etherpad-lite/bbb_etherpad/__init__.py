"""Simulated Etherpad with BigBlueButton's plugins."""
