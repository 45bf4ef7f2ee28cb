"""The database itself keeps the log of changes as it was written, whoever asks it to do otherwise.

Personal values can be deleted, which is what erasing a person does, but not changed. Django's own history of the admin
is emptied: it kept names of persons, and the log takes its place.
"""

from django.db import migrations

SENTENCE = "The log of changes is never changed."
# What is refused, by table.
REFUSED = {
    "organizations_change": ("UPDATE", "DELETE"),
    "organizations_changedrecord": ("UPDATE", "DELETE"),
    "organizations_personalvalue": ("UPDATE",),
}
FUNCTION = f"""
CREATE OR REPLACE FUNCTION organizations_change_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '{SENTENCE}' USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def guards(vendor):
    """The triggers by name: the table of each, and the statement that makes it."""
    for table, acts in REFUSED.items():
        for act in acts:
            name = f"{table}_no_{act.lower()}"
            if vendor == "postgresql":
                then = "EXECUTE FUNCTION organizations_change_is_kept()"
                yield name, table, f"CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH ROW {then}"
            else:
                then = f"BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
                yield name, table, f"CREATE TRIGGER {name} BEFORE {act} ON {table} {then}"


def guard(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        if schema_editor.connection.vendor == "postgresql":
            cursor.execute(FUNCTION)
        for _name, _table, statement in guards(schema_editor.connection.vendor):
            cursor.execute(statement)


def lift(apps, schema_editor):
    postgresql = schema_editor.connection.vendor == "postgresql"
    with schema_editor.connection.cursor() as cursor:
        for name, table, _statement in guards(schema_editor.connection.vendor):
            cursor.execute(f"DROP TRIGGER {name} ON {table}" if postgresql else f"DROP TRIGGER {name}")
        if postgresql:
            cursor.execute("DROP FUNCTION organizations_change_is_kept()")


def empty_history_of_the_admin(apps, schema_editor):
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        # In a new database the table is made later, or never.
        if "django_admin_log" in connection.introspection.table_names(cursor):
            cursor.execute("DELETE FROM django_admin_log")


class Migration(migrations.Migration):
    dependencies = [("organizations", "0003_cache_table")]

    operations = [
        migrations.RunPython(guard, lift),
        migrations.RunPython(empty_history_of_the_admin, migrations.RunPython.noop),
    ]
