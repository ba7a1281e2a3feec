"""Everything promised is a clock: policies, clocks, pauses, escalation."""
