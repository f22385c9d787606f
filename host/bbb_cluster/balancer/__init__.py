"""Who decides on which node a meeting is created, and is told when nodes come and go."""
