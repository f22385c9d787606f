#!/bin/bash
# Starts as many servers as this machine is to have; the simulation has one of each kind.
systemctl start bbb-html5-backend@1 bbb-html5-frontend@1
