"""What is known of BigBlueButton: releases, installation, services, API, meetings."""
