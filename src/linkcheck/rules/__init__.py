"""The rules: one file each, pure, found through :mod:`linkcheck.rules.table`."""
