#!/bin/sh
echo "still thinking"
exec sleep 60
