"""What a machine tells a Prometheus of itself."""
