"""The table of the cache that all processes share where CACHE_URL names no other. Made once; found, it is left as it is."""

from django.core.management import call_command
from django.db import migrations

TABLE = "cache"


def make_table(apps, schema_editor):
    connection = schema_editor.connection
    if TABLE not in connection.introspection.table_names():
        call_command("createcachetable", TABLE, database=connection.alias, verbosity=0)


def drop_table(apps, schema_editor):
    schema_editor.execute(f"DROP TABLE IF EXISTS {schema_editor.quote_name(TABLE)}")


class Migration(migrations.Migration):
    dependencies = [("organizations", "0002_accounts_and_changes")]
    operations = [migrations.RunPython(make_table, drop_table)]
