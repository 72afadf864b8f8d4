"""Turn the items of a Markdown list into catalog entries."""
