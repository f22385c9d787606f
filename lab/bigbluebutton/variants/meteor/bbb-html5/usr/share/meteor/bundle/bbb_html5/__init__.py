"""Simulated client of 2.x: the Meteor servers behind nginx."""
