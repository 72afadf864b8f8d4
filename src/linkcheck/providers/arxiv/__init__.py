"""arXiv: papers, however their address is spelled."""
