import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Whole tables at once: a first start takes less than half the time of the steps."""

    replaces = [('rewards', '0001_initial'), ('rewards', '0002_snapshots'), ('rewards', '0003_adjustments'), ('rewards', '0004_cases'), ('rewards', '0005_corrections'), ('rewards', '0006_notice_templates')]

    initial = True

    dependencies = [
        ('campaign', '0001_squashed_0011_claimed_index'),
        ('organization', '0001_squashed_0005_api_tokens'),
    ]

    operations = [
        migrations.CreateModel(
            name='RewardRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reward_rules', to='campaign.campaign')),
                ('band', models.SlugField(max_length=20, verbose_name='等级')),
                ('role', models.CharField(choices=[('president', '总经理'), ('executive', '公司领导'), ('management_center', '管理中心'), ('specialty_lead', '专业负责人'), ('project_manager', '项目经理'), ('deputy_project_manager', '项目副经理'), ('department_head', '部门主任'), ('team_leader', '班组长'), ('employee', '员工'), ('administrator', '系统管理员')], max_length=30, verbose_name='角色')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=10, verbose_name='金额（元）')),
            ],
            options={
                'verbose_name': '奖惩标准',
                'verbose_name_plural': '奖惩标准',
                'ordering': ['campaign', 'band', 'role'],
                'constraints': [models.UniqueConstraint(fields=('campaign', 'band', 'role'), name='reward_rule_once')],
                'indexes': [],
            },
        ),
        migrations.CreateModel(
            name='TeamReward',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('campaign', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='team_reward', to='campaign.campaign')),
                ('lowest', models.PositiveSmallIntegerField(verbose_name='起奖分')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=10, verbose_name='金额（元）')),
            ],
            options={
                'verbose_name': '团队奖',
                'verbose_name_plural': '团队奖',
                'indexes': [],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='SettlementTerms',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('campaign', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='settlement_terms', to='campaign.campaign')),
                ('posts_on', models.DateField(blank=True, null=True, verbose_name='岗位截止日')),
            ],
            options={
                'verbose_name': '岗位截止日',
                'verbose_name_plural': '岗位截止日',
                'indexes': [],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='Settlement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='settlements', to='campaign.campaign')),
                ('number', models.PositiveSmallIntegerField(default=1)),
                ('posts_as_of', models.DateTimeField(verbose_name='岗位截至')),
                ('drawn_up_at', models.DateTimeField()),
                ('drawn_up_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('submitted_at', models.DateTimeField(blank=True, null=True)),
                ('submitted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('returned_at', models.DateTimeField(blank=True, null=True)),
                ('return_reason', models.TextField(blank=True)),
                ('approved_at', models.DateTimeField(blank=True, null=True)),
                ('approved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('fingerprint', models.CharField(blank=True, max_length=64)),
                ('left_out', models.JSONField(default=list, help_text='codes of provisional projects')),
                ('corrects', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrected_by', to='rewards.settlement')),
            ],
            options={
                'verbose_name': '奖惩结算',
                'verbose_name_plural': '奖惩结算',
                'ordering': ['campaign', '-number'],
                'constraints': [models.UniqueConstraint(fields=('campaign', 'number'), name='settlement_number_once')],
                'indexes': [],
            },
        ),
        migrations.CreateModel(
            name='NoticeTemplate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('person', '个人通知书'), ('project', '项目通知书')], max_length=10)),
                ('language', models.CharField(max_length=10)),
                ('file', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.storedfile')),
                ('set_at', models.DateTimeField()),
                ('set_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': '通知书模板',
                'verbose_name_plural': '通知书模板',
                'ordering': ['kind', 'language'],
                'constraints': [models.UniqueConstraint(fields=('kind', 'language'), name='notice_template_once')],
                'indexes': [],
            },
        ),
        migrations.CreateModel(
            name='Correction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('settlement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='rewards.settlement')),
                ('reason', models.TextField(verbose_name='更正原因')),
                ('appeals_until', models.DateField(blank=True, null=True, verbose_name='补充申诉到')),
                ('asked_at', models.DateTimeField()),
                ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('granted', models.BooleanField(null=True)),
                ('answer', models.TextField(blank=True)),
                ('decided_at', models.DateTimeField(null=True)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': '结算更正',
                'verbose_name_plural': '结算更正',
                'ordering': ['settlement', '-pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('granted__isnull', True), ('granted', True), _connector='OR'), fields=('settlement',), name='one_correction')],
                'indexes': [],
            },
        ),
        migrations.CreateModel(
            name='Snapshot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('settlement', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='snapshot', to='rewards.settlement')),
                ('number', models.PositiveIntegerField(unique=True)),
                ('previous', models.CharField(blank=True, max_length=64)),
                ('content', models.TextField()),
                ('fingerprint', models.CharField(max_length=64, unique=True)),
                ('made_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['number'],
                'indexes': [],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='Case',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('settlement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='cases', to='rewards.settlement')),
                ('key', models.CharField(max_length=120)),
                ('kind', models.CharField(choices=[('joined', '期间到岗'), ('left', '期间离岗'), ('vacant', '空岗'), ('no_post', '没有岗位')], max_length=10, verbose_name='情况')),
                ('project', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.project')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('role', models.CharField(blank=True, choices=[('president', '总经理'), ('executive', '公司领导'), ('management_center', '管理中心'), ('specialty_lead', '专业负责人'), ('project_manager', '项目经理'), ('deputy_project_manager', '项目副经理'), ('department_head', '部门主任'), ('team_leader', '班组长'), ('employee', '员工'), ('administrator', '系统管理员')], max_length=30)),
                ('department', models.CharField(blank=True, max_length=60)),
                ('was', models.CharField(blank=True, choices=[('president', '总经理'), ('executive', '公司领导'), ('management_center', '管理中心'), ('specialty_lead', '专业负责人'), ('project_manager', '项目经理'), ('deputy_project_manager', '项目副经理'), ('department_head', '部门主任'), ('team_leader', '班组长'), ('employee', '员工'), ('administrator', '系统管理员')], max_length=30)),
                ('band', models.SlugField(blank=True, max_length=20)),
                ('composite', models.DecimalField(decimal_places=2, max_digits=5, null=True)),
                ('amount', models.DecimalField(decimal_places=2, max_digits=10, null=True)),
                ('since', models.DateField(null=True)),
                ('until', models.DateField(null=True)),
                ('gone_at', models.DateTimeField(null=True)),
                ('answer', models.CharField(blank=True, choices=[('pay', '按标准计'), ('nothing', '不计'), ('other', '计给别人')], max_length=10)),
                ('paid_to', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('to_project', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.project')),
                ('to_role', models.CharField(blank=True, choices=[('president', '总经理'), ('executive', '公司领导'), ('management_center', '管理中心'), ('specialty_lead', '专业负责人'), ('project_manager', '项目经理'), ('deputy_project_manager', '项目副经理'), ('department_head', '部门主任'), ('team_leader', '班组长'), ('employee', '员工'), ('administrator', '系统管理员')], max_length=30)),
                ('reason', models.TextField(blank=True)),
                ('decided_at', models.DateTimeField(null=True)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': '待决定情况',
                'verbose_name_plural': '待决定情况',
                'ordering': ['settlement', 'project__code', 'id'],
                'constraints': [models.UniqueConstraint(fields=('settlement', 'key'), name='case_once')],
                'indexes': [],
            },
        ),
        migrations.CreateModel(
            name='Adjustment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('settlement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='adjustments', to='rewards.settlement')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='organization.project', verbose_name='项目')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='人员')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=10, verbose_name='金额（元）')),
                ('reason', models.TextField(verbose_name='原因')),
                ('made_at', models.DateTimeField()),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('withdrawn_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': '人工调整',
                'verbose_name_plural': '人工调整',
                'ordering': ['settlement', 'project__code', 'id'],
                'indexes': [],
                'constraints': [],
            },
        ),
        migrations.CreateModel(
            name='Award',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('settlement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='awards', to='rewards.settlement')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='organization.project')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
                ('role', models.CharField(choices=[('president', '总经理'), ('executive', '公司领导'), ('management_center', '管理中心'), ('specialty_lead', '专业负责人'), ('project_manager', '项目经理'), ('deputy_project_manager', '项目副经理'), ('department_head', '部门主任'), ('team_leader', '班组长'), ('employee', '员工'), ('administrator', '系统管理员'), ('team', '团队')], max_length=30)),
                ('band', models.SlugField(max_length=20)),
                ('composite', models.DecimalField(decimal_places=2, max_digits=5)),
                ('amount', models.DecimalField(decimal_places=2, max_digits=10, verbose_name='金额（元）')),
                ('other_roles', models.JSONField(blank=True, default=list, verbose_name='另任')),
                ('case', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='awards', to='rewards.case')),
            ],
            options={
                'verbose_name': '奖惩',
                'verbose_name_plural': '奖惩',
                'ordering': ['settlement', 'project__code', 'id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('person__isnull', False)), fields=('settlement', 'project', 'person'), name='one_outcome'), models.UniqueConstraint(condition=models.Q(('person__isnull', True)), fields=('settlement', 'project'), name='one_team_reward')],
                'indexes': [],
            },
        ),
    ]
