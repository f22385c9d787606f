"""What makes an image of a copy of a node: everything goes by which the node could be known, or its secrets be told."""
