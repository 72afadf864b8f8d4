"""The HTTP door: the only way out of the house. See :mod:`linkcheck.net.messages` for its values."""
