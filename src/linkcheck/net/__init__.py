"""The HTTP client: limits, retries, redirects and an address guard around one transport."""
