"""Plans, visits, checklists, findings."""
