"""The log tells that somebody was given all that is held of a person. Choices alone: nothing changes in the database."""

from django.db import migrations, models

DOORS = [
    ("admin", "Data entry"),
    ("dataset", "Import of a dataset"),
    ("spreadsheet", "Spreadsheet of people"),
    ("merge", "Merge of two persons"),
    ("erasure", "Erasure of a person"),
    ("account", "Account"),
    ("held", "Answer to a person"),
]
ACTIONS = [
    ("created", "Created"),
    ("changed", "Changed"),
    ("deleted", "Deleted"),
    ("erased", "Erased"),
    ("told", "Handed over"),
]


class Migration(migrations.Migration):
    dependencies = [("organizations", "0004_changes_are_kept")]

    operations = [
        migrations.AlterField(
            model_name="change",
            name="door",
            field=models.CharField(choices=DOORS, max_length=20, verbose_name="by which door"),
        ),
        migrations.AlterField(
            model_name="changedrecord",
            name="action",
            field=models.CharField(choices=ACTIONS, max_length=10, verbose_name="what was done"),
        ),
    ]
