"""The stand-in for the client of 2.x: the Meteor servers behind nginx."""
