"""The engine: identify, observe, evaluate. Only :mod:`.observe` waits for anything."""
