"""What the services of the stand-in share."""
