"""Providers: each recognizes the URLs of one service and observes their targets."""
