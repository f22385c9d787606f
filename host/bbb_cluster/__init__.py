"""What runs on the machines of the cluster: BigBlueButton nodes and the cluster proxy."""
