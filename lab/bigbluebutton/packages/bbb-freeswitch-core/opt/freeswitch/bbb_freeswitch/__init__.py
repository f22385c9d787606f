"""Simulated FreeSWITCH: its signalling port for browsers, without media."""
