from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('organization', '0007_sign_in_counts'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='password_is_first',
            field=models.BooleanField(db_default=False, default=False, editable=False, verbose_name='登录后要换密码'),
        ),
    ]
