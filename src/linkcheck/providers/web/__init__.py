"""Web pages: all URLs of no other service."""
