"""Owners and their people, projects, who serves them, sites, equipment."""
