"""Copies of the load balancer's data: kept elsewhere, each night, and brought back."""
