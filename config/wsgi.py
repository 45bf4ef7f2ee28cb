"""The door for production web servers (gunicorn config.wsgi)."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# In seconds. Of what is asked from outside nothing may take long; commands, which do not come this way, may.
os.environ.setdefault("STATEMENT_TIMEOUT", "5")

application = get_wsgi_application()
