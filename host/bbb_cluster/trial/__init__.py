"""Whether people can meet: a short meeting, heard and relayed, as a frontend and a browser would have it."""
