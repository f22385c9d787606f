"""Simulated bbb-webrtc-sfu: its signalling port, without media."""
