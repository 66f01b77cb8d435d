"""The front page, its sections and the site: what every library has."""

from urllib.parse import urlsplit

from django.conf import settings
from wagtail.models import Page, Site

from content.cases.models import CaseIndexPage
from content.lessons.models import CourseIndexPage
from content.library.models import HomePage, LibraryPage
from content.meetings.models import CardIndexPage
from content.mindsets.models import MindsetIndexPage
from content.standards.models import StandardIndexPage

SHELVES: list[tuple[type[LibraryPage], str, str, str]] = [
    (StandardIndexPage, "standards", "判定标准", "哪些隐患算“重大”，一条一条讲清楚：条文要点、现场样子、常见错。"),
    (MindsetIndexPage, "mindsets", "四种心态与三违", "事故多半先在心里出。认一认四种心态、三种违章，照着自查。"),
    (CardIndexPage, "cards", "晨会卡片", "班组长在班前会上念，一张一到五分钟，一道题。"),
    (CaseIndexPage, "cases", "警示案例与典型经验", "别人流过的血，我们不用再流一次；别人走通的路，照着走。"),
    (CourseIndexPage, "courses", "课程", "按岗位和工种编好的课，学完要考。"),
]


def home_page() -> HomePage:
    """The front page, made together with the site if missing."""
    home = HomePage.objects.first()
    if home is None:
        root = Page.get_first_root_node()
        Page.objects.child_of(root).filter(slug="home").exclude(content_type__app_label="content").delete()
        root.refresh_from_db()
        home = root.add_child(
            instance=HomePage(title="资料库", slug="library", lead="条文、案例、晨会卡片、课程，都在这里。")
        )
    address = urlsplit(settings.PUBLIC_ORIGIN)
    site, _ = Site.objects.get_or_create(is_default_site=True, defaults={"root_page": home, "hostname": "localhost"})
    wanted = {
        "hostname": address.hostname or "localhost",
        "port": address.port or (443 if address.scheme == "https" else 80),
        "site_name": settings.WAGTAIL_SITE_NAME,
        "root_page_id": home.pk,
    }
    if any(getattr(site, name) != value for name, value in wanted.items()):
        for name, value in wanted.items():
            setattr(site, name, value)
        site.save()
    return home


def shelf(home: HomePage, model: type[LibraryPage]) -> LibraryPage:
    """A section of the library, made if missing."""
    found = model.objects.first()
    if found is None:
        slug, title, lead = next(row[1:] for row in SHELVES if row[0] is model)
        found = home.add_child(instance=model(title=title, slug=slug, lead=lead))
    return found
