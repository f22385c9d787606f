"""The stand-in for bbb-webrtc-sfu: its signalling port, without media."""
