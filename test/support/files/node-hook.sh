#!/bin/sh
echo "$BBB_CLUSTER_EVENT"
