"""How sending can fail."""

from apps.core.outbox import GiveUp


class TemporaryFailure(Exception):
    """Down, slow, busy or not to be understood: it is tried again later."""


class PermanentFailure(GiveUp):
    """Refused: trying again would change nothing."""
