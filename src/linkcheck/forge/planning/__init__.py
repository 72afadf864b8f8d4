"""Plan what the bot does on GitHub. Pure: reads the state, returns the wanted end states."""
