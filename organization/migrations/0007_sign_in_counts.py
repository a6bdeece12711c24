from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('organization', '0006_password_set_at'),
    ]

    operations = [
        migrations.CreateModel(
            name='SignInCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('account', '账号'), ('browser', '用过的浏览器'), ('address', '网络地址')], max_length=10)),
                ('key', models.CharField(max_length=64, unique=True)),
                ('account', models.CharField(blank=True, db_index=True, max_length=64)),
                ('failures', models.PositiveIntegerField(default=0)),
                ('since', models.DateTimeField(db_index=True)),
                ('held_until', models.DateTimeField(blank=True, null=True)),
            ],
        ),
    ]
