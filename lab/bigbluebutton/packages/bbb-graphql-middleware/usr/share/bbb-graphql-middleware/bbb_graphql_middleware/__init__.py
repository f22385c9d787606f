"""Simulated bbb-graphql-middleware: checks who may open the client's websocket."""
