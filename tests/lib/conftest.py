"""Tables for the models that these tests declare: a module lists them in MODELS and uses the fixture `tables`."""

import csv

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


@pytest.fixture(autouse=True)
def usual_limit_of_a_csv_cell():
    """Python's own limit. A library of other tests takes it away for the whole process."""
    before = csv.field_size_limit(131_072)
    yield
    csv.field_size_limit(before)
