"""Comparers: whether two spellings mean the same licence, paper, name or base model. Pure."""
