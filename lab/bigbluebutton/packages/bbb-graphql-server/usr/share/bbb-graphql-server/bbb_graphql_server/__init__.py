"""Simulated Hasura: the REST end points that BigBlueButton's client asks."""
