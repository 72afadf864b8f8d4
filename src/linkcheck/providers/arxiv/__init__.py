"""arXiv papers."""
