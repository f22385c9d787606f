"""One module per command: what the program asks a machine for."""
