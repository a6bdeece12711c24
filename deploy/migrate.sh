#!/bin/sh
# What a new release does once, while the processes of the old one still answer.
set -e
python manage.py migrate --no-input
python manage.py seal --existing
python manage.py count_results --existing
python manage.py collectstatic --no-input --verbosity 0
