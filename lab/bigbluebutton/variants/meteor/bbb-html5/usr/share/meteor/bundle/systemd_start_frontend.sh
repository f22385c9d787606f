#!/bin/bash
# Starts one frontend; its number counts from 1. What the unit does not set gets a server's own values.
export ROOT_URL=${ROOT_URL:-http://127.0.0.1/html5client}
export PORT=$((4100 + $1 - 1))
exec /usr/bin/python3 -B -m bbb_html5 frontend
