"""The simulated bbb-webhooks: hooks can be registered; nobody is called."""
