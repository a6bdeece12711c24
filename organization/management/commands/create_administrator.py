"""The first administrator of an installation: an account, its post, its password."""

import sys
from getpass import getpass

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from organization.history import record
from organization.models import Post, User
from organization.roles import Role


class Command(BaseCommand):
    help = "Create an administrator; asks for the password, or reads it from standard input."

    def add_arguments(self, parser):
        parser.add_argument("username")
        parser.add_argument("--name", default="")

    @transaction.atomic
    def handle(self, *, username, name, **options):
        if User.objects.filter(username=username).exists():
            raise CommandError(f"用户名 {username} 已存在 / already there")
        user = User(username=username, name=name or username, is_staff=True)
        user.set_password(self.password(user))
        user.save()
        Post.objects.create(user=user, role=Role.ADMINISTRATOR)
        record(on=user, verb="create_administrator", by="command", at=timezone.now())
        self.stdout.write(f"已创建系统管理员 {username} / administrator created")

    def password(self, user) -> str:
        typed = getpass("密码 / password: ") if sys.stdin.isatty() else sys.stdin.readline().strip()
        try:
            validate_password(typed, user)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        return typed
