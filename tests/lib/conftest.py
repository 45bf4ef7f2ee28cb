"""Tables for the models that these tests declare: a module lists them in MODELS and uses the fixture `tables`."""

import pytest
from django.apps import AppConfig, apps
from django.db import connection


@pytest.fixture(scope="module")
def tables(request, django_db_setup, django_db_blocker):
    models = request.module.MODELS
    # Django finds relations backwards only among the models of installed apps.
    app = AppConfig(models[0]._meta.app_label, request.module)
    apps.app_configs[app.label] = app
    app.apps = apps
    app.import_models()
    apps.clear_cache()
    with django_db_blocker.unblock():
        with connection.schema_editor() as editor:
            for model in models:
                editor.create_model(model)
        yield
        with connection.schema_editor() as editor:
            for model in reversed(models):
                editor.delete_model(model)
    del apps.app_configs[app.label]
    apps.clear_cache()
