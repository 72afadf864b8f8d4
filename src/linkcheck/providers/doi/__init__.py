"""DOIs, checked with the handle service and never with the publisher."""
