import tracemalloc

from django.utils.translation import get_language

from campaign import telling
from campaign.models import Message, Reminder
from campaign.telling import News, tell, tell_many
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


def news(company, number, first=0):
    """Made one by one, as whoever tells a whole company makes them."""
    return (
        News([company.manager], company.campaign, f"award:{n}", "approved", "奖励" * 20, "/")
        for n in range(first, first + number)
    )


def test_a_whole_company_is_not_kept_in_memory(company, monkeypatch):
    monkeypatch.setattr(telling, "BATCH", 50)
    tell_many(news(company, 50), at=AT)
    peaks = []
    for number, first in ((200, 1000), (1600, 2000)):
        tracemalloc.start()
        assert tell_many(news(company, number, first), at=AT) == number
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    # a person's messages are 6 KB
    assert peaks[1] - peaks[0] < 1400 * 1500
    assert Message.objects.count() == 1850


def test_who_is_told_by_several_batches_is_told_once(company, monkeypatch):
    monkeypatch.setattr(telling, "BATCH", 1)
    people = [company.manager, company.center, company.manager]
    assert told(company, people) == [company.manager, company.center]
    assert told(company, people) == []
