"""GitHub: the bot's issues, pull requests and state branch."""
