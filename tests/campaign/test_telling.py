from django.utils.translation import get_language

from campaign.models import Message, Reminder
from campaign.telling import tell
from tests import cast

AT = cast.moment(2011, 10, 12, 9)


def told(company, people, **changes):
    what = {
        "people": people,
        "campaign": company.campaign,
        "thing": "obligation:1",
        "occurrence": "returned 1",
        "title": "已退回：动员会",
        "body": "缺签字",
        "url": "/c/c11/obligations/1/",
        "at": AT,
    }
    return tell(**what | changes)


def test_everybody_finds_it_in_the_inbox_at_once(company):
    told(company, [company.manager, company.center])
    message = Message.objects.get(person=company.manager)
    assert (message.title, message.body, message.sent_at) == ("已退回：动员会", "缺签字", AT)
    assert message.url == "/c/c11/obligations/1/"
    assert Message.objects.count() == 2


def test_a_mail_is_wanted_and_only_where_there_is_an_address(company):
    company.center.email = ""
    told(company, [company.manager, company.center])
    mail = Reminder.objects.get(channel="mail")
    assert (mail.person, mail.rule, mail.delivery) == (company.manager, "notice", "wanted")


def test_nobody_is_told_twice_of_the_same(company):
    assert told(company, [company.manager]) == [company.manager]
    assert told(company, [company.manager, company.center]) == [company.center]
    assert Message.objects.filter(person=company.manager).count() == 1


def test_what_happens_again_is_told_again(company):
    told(company, [company.manager])
    told(company, [company.manager], occurrence="returned 2")
    assert Message.objects.count() == 2


def test_each_reads_the_own_language(company):
    company.center.language = "en"
    told(company, [company.manager, company.center], title=get_language)
    titles = dict(Message.objects.values_list("person__username", "title"))
    assert titles == {"pm01": "zh-hans", "center": "en"}


def test_who_left_is_not_told(company):
    company.manager.is_active = False
    assert told(company, [company.manager]) == []
    assert not Reminder.objects.exists()


def test_a_long_title_is_cut(company):
    told(company, [company.manager], title="很长" * 200)
    assert len(Message.objects.get().title) == 200


def test_what_is_urgent_is_so_on_every_channel(company):
    told(company, [company.manager], urgent=True)
    told(company, [company.lead])
    urgent = Reminder.objects.filter(urgent=True)
    assert set(urgent.values_list("person__username", "channel")) == {
        ("pm01", "inbox"),
        ("pm01", "mail"),
    }
