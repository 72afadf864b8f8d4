"""GitHub: repositories, paths inside them, and the pages around them."""
