"""Requests, work orders, dispatch."""
