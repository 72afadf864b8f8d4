"""Hugging Face: models, data sets, spaces, files, papers, collections and owners."""
