"""Compare licenses, titles, names, base models and dates. Pure."""
