"""The stand-in for Etherpad with BigBlueButton's plugins."""
