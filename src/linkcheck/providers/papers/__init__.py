"""Papers: landing pages read as papers, and what registries and indexes record about them."""
