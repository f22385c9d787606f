"""The stand-in for bbb-webhooks: hooks can be registered; nobody is called."""
