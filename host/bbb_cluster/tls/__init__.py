"""Certificates of a machine, and whom it trusts."""
