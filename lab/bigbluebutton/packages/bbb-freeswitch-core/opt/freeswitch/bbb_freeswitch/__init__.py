"""The stand-in for FreeSWITCH: its signalling port for browsers, without media."""
