"""Hugging Face: models, datasets, spaces, files, papers, collections and owners."""
