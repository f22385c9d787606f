"""Security updates of the distribution: when, which, what they leave to be done."""
