"""The feed of changes, which the database itself keeps as it was written. Whom it has told what changes with each act.

What there is already is filled in by migration 0004 of `missions`.
"""

import django.db.models.deletion
from django.db import migrations, models

SENTENCE = "The feed of changes is never changed."
TABLE = "organizations_feedentry"
FUNCTION = f"""
CREATE OR REPLACE FUNCTION organizations_feed_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '{SENTENCE}' USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def guards(vendor):
    """The triggers by name, with the statement that makes each."""
    for act in ("UPDATE", "DELETE"):
        name = f"{TABLE}_no_{act.lower()}"
        if vendor == "postgresql":
            then = "EXECUTE FUNCTION organizations_feed_is_kept()"
            yield name, f"CREATE TRIGGER {name} BEFORE {act} ON {TABLE} FOR EACH ROW {then}"
        else:
            then = f"BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
            yield name, f"CREATE TRIGGER {name} BEFORE {act} ON {TABLE} {then}"


def guard(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        if schema_editor.connection.vendor == "postgresql":
            cursor.execute(FUNCTION)
        for _name, statement in guards(schema_editor.connection.vendor):
            cursor.execute(statement)


def lift(apps, schema_editor):
    postgresql = schema_editor.connection.vendor == "postgresql"
    with schema_editor.connection.cursor() as cursor:
        for name, _statement in guards(schema_editor.connection.vendor):
            cursor.execute(f"DROP TRIGGER {name} ON {TABLE}" if postgresql else f"DROP TRIGGER {name}")
        if postgresql:
            cursor.execute("DROP FUNCTION organizations_feed_is_kept()")


class Migration(migrations.Migration):

    dependencies = [
        ('organizations', '0007_saved_views'),
    ]

    operations = [
        migrations.CreateModel(
            name='Audience',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.TextField(unique=True, verbose_name='words')),
            ],
            options={
                'verbose_name': 'audience',
                'verbose_name_plural': 'audiences',
            },
        ),
        migrations.CreateModel(
            name='FeedEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(db_index=True, verbose_name='at')),
                ('resource', models.CharField(max_length=50, verbose_name='kind of record')),
                ('code', models.CharField(max_length=200, verbose_name='code')),
                ('act', models.CharField(choices=[('changed', 'Changed'), ('deleted', 'Deleted'), ('erased', 'Erased'), ('merged', 'Merged')], max_length=10, verbose_name='what was done')),
                ('fields', models.TextField(blank=True, verbose_name='fields')),
                ('after', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.audience')),
                ('before', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.audience')),
            ],
            options={
                'verbose_name': 'entry of the feed',
                'verbose_name_plural': 'feed of changes',
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='ToldRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('resource', models.CharField(max_length=50, verbose_name='kind of record')),
                ('code', models.CharField(max_length=200, verbose_name='code')),
                ('audience', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.audience')),
            ],
            options={
                'verbose_name': 'record that was told',
                'verbose_name_plural': 'records that were told',
                'constraints': [models.UniqueConstraint(fields=('resource', 'code'), name='told_record_once')],
            },
        ),
        migrations.RunPython(guard, lift),
    ]
