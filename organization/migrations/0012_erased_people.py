from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('organization', '0011_history_origin'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='erased_at',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
    ]
