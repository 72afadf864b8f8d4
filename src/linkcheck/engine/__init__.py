"""Engine: identify links, observe targets, evaluate rules. Only :mod:`.observe` is async."""
