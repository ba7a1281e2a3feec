"""Service hours, holidays and make-up days: the calendars in which promises count."""
