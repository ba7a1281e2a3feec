"""Complaints, follow-ups, quality sampling."""
