"""Providers: one per service, each reading URLs (pure) and observing targets (in batches)."""
