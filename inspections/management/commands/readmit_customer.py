"""Lets lists bring a customer again who had asked to be erased."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from inspections.callback.customer_list import phone_of
from inspections.callback.forgotten import readmit_customer
from organization.errors import Refused


class Command(BaseCommand):
    help = "Let lists bring the number again that is typed: on an argument others could read it."

    def handle(self, **options):
        phone = phone_of(input("号码 / number: "))
        if not phone:
            raise CommandError("这不是电话号码 / not a telephone number")
        try:
            readmit_customer(phone=phone, by="command", at=timezone.now())
        except Refused as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write("以后的名单可以再导入这个号码 / later lists may bring it again")
