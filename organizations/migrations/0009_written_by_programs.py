import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('organizations', '0008_feed'),
    ]

    operations = [
        migrations.AlterField(
            model_name='change',
            name='door',
            field=models.CharField(choices=[('admin', 'Data entry'), ('dataset', 'Import of a dataset'), ('spreadsheet', 'Spreadsheet of people'), ('merge', 'Merge of two persons'), ('erasure', 'Erasure of a person'), ('account', 'Account'), ('held', 'Answer to a person'), ('api', 'REST API')], max_length=20, verbose_name='by which door'),
        ),
        migrations.CreateModel(
            name='SentOnce',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=200, verbose_name='key')),
                ('sha256', models.CharField(max_length=64, verbose_name='SHA-256 of what was sent')),
                ('resource', models.CharField(max_length=50, verbose_name='kind of record')),
                ('code', models.CharField(max_length=200, verbose_name='code')),
                ('at', models.DateTimeField(db_index=True, verbose_name='at')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sent_once', to=settings.AUTH_USER_MODEL, verbose_name='user')),
            ],
            options={
                'verbose_name': 'record sent under a key',
                'verbose_name_plural': 'records sent under a key',
                'ordering': ['-at'],
                'constraints': [models.UniqueConstraint(fields=('user', 'key'), name='sent_once')],
            },
        ),
    ]
