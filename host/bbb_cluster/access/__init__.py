"""Who may reach this machine: its own firewall, and the keys that may log in as root."""
