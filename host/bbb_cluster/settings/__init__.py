"""Files that a machine is to have: merged, written as a whole or not at all, remembered, compared."""
